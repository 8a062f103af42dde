import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { cloudInfo } from "../../providers/info";
import { publicKey } from "../support/input";

const root = join(__dirname, "..", "..");
const home = mkdtempSync(join(tmpdir(), "cdktn-"));
const clouds = Object.values(cloudInfo);

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Synthesizes the example of each cloud, in one process. */
async function synthesizeAll(library: string, ...options: string[]): Promise<void> {
  const directories = clouds.map(({ title, exampleInput }) => {
    const directory = join(home, library, title);
    mkdirSync(directory, { recursive: true });
    const input = readFileSync(join(root, exampleInput), "utf8")
      .replace("<your public IPv4 address>", "203.0.113.7")
      .replace("<your public SSH key>", publicKey);
    writeFileSync(join(directory, "tofu.tfvars"), input);
    return directory;
  });
  const program = `
    const { synthesize } = require(${JSON.stringify(join(root, "dist", "src", "synth.js"))});
    (async () => {
      for (const directory of process.argv.slice(1)) await synthesize({ directory, environment: {} });
    })();`;
  await promisify(execFile)("node", [...options, "-e", program, ...directories]);
}

beforeAll(async () => {
  execFileSync("node", [join(root, "bindings", "generate.js"), "local", "null", "tls"]);
  await Promise.all([
    synthesizeAll("cdktf"),
    synthesizeAll("cdktn", "-r", join(root, "test", "support", "cdktn.cjs")),
  ]);
});

/** The cdk.tf.json of a cloud's example, and apart from it the version in its metadata. */
function synthesized(library: string, cloud: string): { text: string; version: unknown } {
  const file = join(home, library, cloud, "cdktf.out/stacks/openaether/cdk.tf.json");
  const json = JSON.parse(readFileSync(file, "utf8")) as { "//": { metadata: Metadata } };
  const { version } = json["//"].metadata;
  delete json["//"].metadata.version;
  // Printed again, in the same order: cdktf writes an empty list on two lines, cdktn on one.
  return { text: JSON.stringify(json, null, 2), version };
}

interface Metadata {
  version?: string;
}

test.each(clouds.map(({ title }) => title))(
  "cdktn synthesizes the example for %s as cdktf does",
  (cloud) => {
    const [byCdktf, byCdktn] = [synthesized("cdktf", cloud), synthesized("cdktn", cloud)];
    expect([byCdktf.version, byCdktn.version]).toEqual(["0.21.0", "0.24.0"]);
    expect(byCdktn.text).toBe(byCdktf.text);
  },
);
