import { describe, expect, test } from "@jest/globals";
import { App, TerraformStack } from "cdktf";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { cloudProviders } from "../../../providers";
import { testClouds } from "../../support/clouds";
import { specOf, temporaryDirectory, values } from "../../support/input";

const providers = join(__dirname, "..", "..", "..", "providers");

test("the directories of all clouds have files of the same names", () => {
  const [first, ...others] = testClouds.map(({ name }) => readdirSync(join(providers, name)));
  for (const files of others) expect(files).toEqual(first);
});

describe.each(testClouds)("on $name", (cloud) => {
  test("a node without a machine configuration is refused, not created without user data", () => {
    const stack = new TerraformStack(new App({ outdir: temporaryDirectory() }), "demo");
    const spec = specOf(values(cloud.available, {}, cloud));
    const infrastructure = cloudProviders[cloud.name].create(stack, { spec });
    expect(() => infrastructure.createCompute({ machineConfigurations: {} })).toThrow(
      "control-plane-0 has no machine configuration",
    );
  });
});
