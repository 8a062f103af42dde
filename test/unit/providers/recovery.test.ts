import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cloudProviders } from "../../../providers";
import { synthesize } from "../../../src/synth";
import { testClouds } from "../../support/clouds";
import { temporaryDirectory, values } from "../../support/input";

interface Written {
  readonly resource: Readonly<Record<string, object>>;
  readonly terraform: { readonly required_providers: Readonly<Record<string, object>> };
}

/** Types of every cloud: those of no cloud can only be recovered from the state. */
const ofNoCloud = /^(null|local|tls|talos|terraform)_/;

test.each(testClouds)(
  "every resource type of a stack on $name has a row in the table of recovery",
  async (cloud) => {
    const shapes = [cloud.single, cloud.available];
    const types = new Set<string>();
    for (const shape of shapes) {
      const input = JSON.stringify(values(shape, {}, cloud));
      const directory = temporaryDirectory({ "tofu.tfvars.json": input });
      const { stackDirectory } = await synthesize({ directory, environment: { CI: "true" } });
      const stack = JSON.parse(
        readFileSync(join(stackDirectory, "cdk.tf.json"), "utf8"),
      ) as Written;
      for (const type of Object.keys(stack.resource)) types.add(type);
    }
    const own = [...types].filter((type) => !ofNoCloud.test(type));
    expect(own.length).toBeGreaterThan(10);
    const { recovery } = cloudProviders[cloud.name];
    expect(own.filter((type) => !(type in recovery))).toEqual([]);
    expect(Object.keys(recovery).filter((type) => !types.has(type))).toEqual([]);
  },
);
