import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { cloudInfo } from "../../providers/info";
import { publicKey } from "../support/input";

const root = join(__dirname, "..", "..");
const directory = mkdtempSync(join(tmpdir(), "cdktn-"));

beforeAll(() => {
  execFileSync("node", [join(root, "bindings", "generate.js"), "local", "null", "tls"]);
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Synthesizes an example in a directory of its own. @returns cdk.tf.json, and the version of its metadata */
async function synthesized(example: string, ...options: string[]): Promise<[string, unknown]> {
  const cwd = mkdtempSync(join(directory, "stack-"));
  const input = readFileSync(join(root, example), "utf8")
    .replace("<your public IPv4 address>", "203.0.113.7")
    .replace("<your public SSH key>", publicKey);
  writeFileSync(join(cwd, "tofu.tfvars"), input);
  await promisify(execFile)("node", [...options, join(root, "dist", "main.js")], { cwd });
  const text = readFileSync(join(cwd, "cdktf.out/stacks/openaether/cdk.tf.json"), "utf8");
  const json = JSON.parse(text) as { "//": { metadata: { version?: string } } };
  const { version } = json["//"].metadata;
  delete json["//"].metadata.version;
  // Printed again, in the same order: cdktf writes an empty list on two lines, cdktn on one.
  return [JSON.stringify(json, null, 2), version];
}

test.each(Object.values(cloudInfo).map((cloud) => [cloud.title, cloud.exampleInput]))(
  "cdktn synthesizes the example for %s as cdktf does",
  async (_cloud, example) => {
    const [[byCdktf, cdktf], [byCdktn, cdktn]] = await Promise.all([
      synthesized(example),
      synthesized(example, "-r", join(root, "test", "support", "cdktn.cjs")),
    ]);
    expect([cdktf, cdktn]).toEqual(["0.21.0", "0.24.0"]);
    expect(byCdktn).toBe(byCdktf);
  },
);
