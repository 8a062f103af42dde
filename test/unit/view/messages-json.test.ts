import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failureReport, type JsonReport, successReport } from "../../../src/view/messages-json";
import { synthesize } from "../../../src/synth";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "json-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

async function report(tfvars: string): Promise<JsonReport | undefined> {
  writeFileSync(join(directory, "tofu.tfvars"), tfvars);
  try {
    return successReport(await synthesize({ directory, environment: { CI: "1" } }));
  } catch (error) {
    return failureReport(error);
  }
}

const valid = `admin_ip = "203.0.113.7"
bastion_ssh_keys = { scaleway = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHtj4bQ49Id6mRQ+F4p6owHY0g1aGgpG9ZB9WBH7/wmf" }
node_distribution = { scaleway = { control_planes = 1, workers = 0, region = "fr-par" } }
`;

test("a written configuration is reported as JSON with its warnings", async () => {
  expect(await report(valid)).toMatchObject({
    ok: true,
    cluster: "openaether",
    region: "fr-par",
    resources: 32,
    problems: [{ severity: "warning", source: "tofu.tfvars:3" }],
  });
});

test("every mistake has its location, path, value and message as JSON", async () => {
  const found = await report(valid.replace('"fr-par"', '"fr-pra"'));
  expect(found?.ok).toBe(false);
  expect(found?.problems).toContainEqual({
    severity: "error",
    source: "tofu.tfvars:3",
    path: "node_distribution.scaleway.region",
    value: "fr-pra",
    summary:
      "Not a region of Scaleway. Allowed: fr-par, nl-ams, pl-waw, it-mil. Did you mean fr-par?",
  });
});

test.each([
  ["under a name that is not ours", 'api_settings = "S3CR3T-7"\n'],
  ["under a name that speaks of secrets", 'scw_secret_key = "S3CR3T-7"\n'],
  ["as a private key in the wrong place", 'cluster_name = "BEGIN PRIVATE KEY S3CR3T-7"\n'],
])("a secret %s is not printed as JSON", async (_name, line) => {
  const found = await report(line + valid);
  expect(found?.ok).toBe(false);
  expect(JSON.stringify(found)).not.toContain("S3CR3T-7");
});

test("a file that is no tfvars file is reported as JSON with line and column", async () => {
  expect(await report("admin_ip = [\n")).toMatchObject({
    ok: false,
    problems: [{ severity: "error", source: "tofu.tfvars:2:1" }],
  });
});

test("a missing file is reported as JSON as the error that it is", async () => {
  const error = await synthesize({ directory, environment: {} }).catch((failed: unknown) => failed);
  expect(failureReport(error)).toMatchObject({ ok: false, problems: [] });
  expect(failureReport(error)?.error).toContain("There is no tofu.tfvars");
});
