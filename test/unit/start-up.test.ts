import { expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

/** The files that a module loads, including those of its imports. */
function filesOf(module: string): string[] {
  const script =
    `require(${JSON.stringify(join(root, module))});` +
    "console.log(JSON.stringify(Object.keys(require.cache)))";
  const hook = join(root, "test", "support", "typescript.cjs");
  return JSON.parse(
    execFileSync("node", ["-r", hook, "-e", script], { encoding: "utf8" }),
  ) as string[];
}

/** The packages of them. */
function packagesOf(module: string): string[] {
  const files = filesOf(module);
  const names = files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  return [...new Set(names)].filter((name) => !name.startsWith("@swc"));
}

// cdktf takes a quarter of a second to load, zod a tenth: what only names a cloud, or reads a state,
// starts without them.
test.each([
  ["the facts of every cloud", "providers/info.ts"],
  ["what every --help and the shell's completion load", "src/cli/program.ts"],
  ["status", "src/cli/status/status.ts"],
  ["tunnel", "src/cli/cluster/tunnel.ts"],
])("%s loads neither cdktf nor zod", (_what, module) => {
  const packages = packagesOf(module);
  expect(packages).not.toContain("cdktf");
  expect(packages).not.toContain("zod");
});

test("the library loads no schema, and no cloud's bindings", () => {
  const packages = packagesOf("index.ts");
  expect(packages).toContain("cdktf");
  expect(packages).not.toContain("zod");
  expect(
    filesOf("index.ts").filter((file) =>
      /provider-(scaleway|openstack|outscale)|bindings.(scaleway|openstack|outscale)/.test(file),
    ),
  ).toEqual([]);
});

test("a cloud's provider loads cdktf, and the input's schema zod, which the test above would notice", () => {
  expect(packagesOf("providers/scaleway/infrastructure.ts")).toContain("cdktf");
  expect(packagesOf("src/config/schema/variables.ts")).toContain("zod");
});
