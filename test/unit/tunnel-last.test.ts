import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { synthesize } from "../../src/synth";
import { testClouds } from "../support/clouds";
import { temporaryDirectory, values } from "../support/input";

type Blocks = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** What reports that everything but the bootstrap is in place must not do so while something else may fail. */
test.each(testClouds)(
  "the tunnel on $name waits for every resource of the cloud",
  async (cloud) => {
    const input = JSON.stringify(values(cloud.available, {}, cloud));
    const directory = temporaryDirectory({ "tofu.tfvars.json": input });
    const { stackDirectory } = await synthesize({ directory, environment: { CI: "true" } });
    const { resource } = JSON.parse(readFileSync(join(stackDirectory, "cdk.tf.json"), "utf8")) as {
      resource: Blocks;
    };
    const blocks = new Map(
      Object.entries(resource).flatMap(([type, named]) =>
        Object.entries(named).map(([name, block]) => [`${type}.${name}`, JSON.stringify(block)]),
      ),
    );
    const before = new Set<string>();
    const follow = (address: string) => {
      if (before.has(address)) return;
      before.add(address);
      for (const [mentioned] of (blocks.get(address) ?? "").matchAll(/\b[a-z]\w*\.[a-z]\w*/g)) {
        if (blocks.has(mentioned)) follow(mentioned);
      }
    };
    follow("null_resource.tunnel");
    const ofCloud = [...blocks.keys()].filter(
      (one) => !/^(null|local|talos|terraform|tls)_/.test(one),
    );
    expect(ofCloud.filter((one) => !before.has(one))).toEqual([]);
  },
);
