import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Checkout } from "../../support/checkout";
import { script, stepsOf, workflow } from "../../commands/workflow";

const rehearsal = workflow("rehearsal");
let checkout: Checkout;
let temporary: string;

beforeAll(() => {
  checkout = new Checkout();
  temporary = mkdtempSync(join(tmpdir(), "runner-"));
});
afterEach(() => {
  rmSync(join(checkout.directory, "tofu.tfvars"), { force: true });
});
afterAll(() => {
  checkout.remove();
  rmSync(temporary, { recursive: true });
});

const tfvars = (zone: string) => `cluster_name = "pulled"
admin_ip = "203.0.113.7"
bastion_ssh_keys = { scaleway = "${checkout.key.public}" }
node_distribution = {
  scaleway = { control_planes = 1, workers = 1, zones = ["${zone}"], image_name = "talos-v1.14.1" }
}
`;

/**
 * The job's own steps except the installation, which a checkout has done; continues after a failure
 * as a runner does.
 */
async function runJob(): Promise<{ codes: (number | null)[]; output: string; summary: string }> {
  const environment = {
    CI: "true",
    RUNNER_TEMP: temporary,
    GITHUB_STEP_SUMMARY: join(temporary, "step-summary.md"),
  };
  writeFileSync(environment.GITHUB_STEP_SUMMARY, "");
  const codes: (number | null)[] = [];
  let output = "";
  for (const name of ["Synth", "Rehearse", "Summarize"]) {
    const result = await checkout.run(script(rehearsal, name), environment);
    codes.push(result.code);
    output += result.output;
  }
  return { codes, output, summary: readFileSync(environment.GITHUB_STEP_SUMMARY, "utf8") };
}

test("the rehearsal workflow synthesizes, rehearses and summarizes a pull request's tofu.tfvars", async () => {
  writeFileSync(join(checkout.directory, "tofu.tfvars"), tfvars("fr-par-1"));
  const { codes, output, summary } = await runJob();
  expect(`${output}${codes.join()}`).toMatch(/0,0,0$/);
  expect(summary).toContain("# Rehearsal of pulled: simulated Scaleway, fr-par");
  expect(summary).toContain("**Everything held.** Nothing real was touched.");
  expect(summary).toMatch(/A new cluster creates \d+ resources: network 6, load balancer 5,/);
  expect(summary).toMatch(/\| worker-0 +\| DEV1-L +\| fr-par-1 \| 172\.16\.5\.4 \|/);
  expect(summary).toContain("API and bastion answer to 203.0.113.7/32 alone");
  expect(summary).toMatch(/\| ✓ +\| destroy +\| (\d+) of \1, nothing left/);
});

test("the rehearsal workflow rehearses the example without a tofu.tfvars", async () => {
  const { codes, output, summary } = await runJob();
  expect(output).toContain("No tofu.tfvars in the repository: the example is rehearsed.");
  expect(`${output}${codes.join()}`).toMatch(/0,0,0$/);
  expect(summary).toContain("# Rehearsal of openaether: simulated Scaleway, fr-par");
  expect(summary).toContain("2 of 3 control planes share fr-par-1");
});

test("a mistake fails the rehearsal workflow, and its summary names it", async () => {
  writeFileSync(join(checkout.directory, "tofu.tfvars"), tfvars("fr-par-9"));
  const { codes, summary } = await runJob();
  expect(codes).toEqual([1, 1, 0]);
  expect(summary).toContain("**Refused.** Nothing was created.");
  expect(summary).toContain('node_distribution.scaleway.zones[0] = "fr-par-9"');
});

test("a cloud's refusal fails the rehearsal workflow, and its summary has the cloud's message", async () => {
  const many = tfvars("fr-par-1").replace("workers = 1", 'workers = 4, instance_type = "PRO2-XXS"');
  writeFileSync(join(checkout.directory, "tofu.tfvars"), many);
  const { codes, summary } = await runJob();
  expect(codes).toEqual([0, 1, 0]);
  expect(summary).toContain("**apply failed: failed.** Nothing real was touched.");
  expect(summary).toContain("has reached its quota");
});

test("a summary that cannot be written is refused before anything is done", async () => {
  const { code, output } = await checkout.run("./openaether rehearse --summary no/such/summary.md");
  expect(output).toContain("no/such/summary.md cannot be written");
  expect(output).not.toContain("    at ");
  expect(code).toBe(1);
});

test("the rehearsal workflow needs no secret and no write permission", () => {
  expect(rehearsal.permissions).toEqual({ contents: "read" });
  expect(JSON.stringify(rehearsal)).not.toMatch(/secrets\.|github\.token/);
});

test.each(["rehearsal", "rehearsal-comment"])(
  "%s pins actions by commit, and no script contains a pull request's text",
  (name) => {
    for (const { uses, run } of stepsOf(workflow(name))) {
      expect(uses ?? "a/b@0123456789012345678901234567890123456789").toMatch(/@[0-9a-f]{40}$/);
      expect(run ?? "").not.toContain("${{");
    }
  },
);
