import { describe, expect, test } from "@jest/globals";
import { App, TerraformStack } from "cdktf";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cloudProviders } from "../../../providers";
import { cloudInfo } from "../../../providers/info";
import { testClouds } from "../../support/clouds";
import { specOf, temporaryDirectory, values } from "../../support/input";

const root = join(__dirname, "..", "..", "..");
const providers = join(root, "providers");

test("the directories of all clouds have files of the same names", () => {
  const [first, ...others] = testClouds.map(({ name }) => readdirSync(join(providers, name)));
  for (const files of others) expect(files).toEqual(first);
});

test("docs/architecture.md names every file of a cloud's directory, and no other", () => {
  const text = readFileSync(join(root, "docs", "architecture.md"), "utf8");
  const [, row = ""] = /^\| `providers\/<cloud>\/` \|(.*)$/m.exec(text) ?? [];
  const named = [...row.matchAll(/`([\w-]+\.ts)`/g)].map(([, name]) => name);
  expect(named.sort()).toEqual(readdirSync(join(providers, "scaleway")).sort());
});

describe.each(testClouds)("on $name", (cloud) => {
  test("a cloud's info is part of its provider, and its example input exists", () => {
    const info = cloudInfo[cloud.name];
    expect(info.name).toBe(cloud.name);
    expect(cloudProviders[cloud.name]).toMatchObject(info);
    expect(existsSync(join(root, info.exampleInput))).toBe(true);
  });

  test("a node without a machine configuration is refused, not created without user data", () => {
    const stack = new TerraformStack(new App({ outdir: temporaryDirectory() }), "demo");
    const spec = specOf(values(cloud.available, {}, cloud));
    const infrastructure = cloudProviders[cloud.name].create(stack, { spec });
    expect(() => infrastructure.createCompute({ machineConfigurations: {} })).toThrow(
      "control-plane-0 has no machine configuration",
    );
  });
});
