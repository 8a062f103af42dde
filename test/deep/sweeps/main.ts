/**
 * Every procedure that changes a running cluster, interrupted at each of its moments: on one cluster
 * with real programs. Prints a line for each procedure.
 *
 *   npm run test:sweeps                                        # on the three clouds
 *   npm run test:sweeps -- --cloud ovh --procedure "scale up"  # one of it; may be repeated
 *   npm run test:sweeps -- --offset 2                          # other kinds of interruption first
 *   npm run test:sweeps -- --every 3 --first 1                 # every third moment
 */
import { parseArgs } from "node:util";
import { type TestCloud, testClouds } from "../../support/clouds";
import setup from "../../support/deep-setup";
import type { Choice } from "./moments";
import { proceduresOf } from "./procedures";
import { SweptCluster } from "./sweep";

const { values } = parseArgs({
  options: {
    cloud: { type: "string", multiple: true },
    procedure: { type: "string", multiple: true },
    offset: { type: "string", default: "0" },
    every: { type: "string", default: "1" },
    first: { type: "string", default: "0" },
  },
});

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

async function main(): Promise<void> {
  await setup();
  const clouds = testClouds.filter(({ name }) => values.cloud?.includes(name) ?? true);
  for (const cloud of clouds) await sweepAll(cloud);
}

async function sweepAll(cloud: TestCloud): Promise<void> {
  let swept = await SweptCluster.create(cloud);
  const chosen = proceduresOf(cloud).filter(
    ({ name }) => values.procedure?.some((one) => name.startsWith(one)) ?? true,
  );
  for (const procedure of chosen) {
    const choice: Choice = {
      offset: Number(values.offset),
      every: Number(values.every),
      first: Number(values.first),
    };
    const begun = Date.now();
    const title = `${cloud.name}, ${procedure.name}`;
    try {
      const { moments, repeated, longestGap } = await swept.sweep(procedure, choice);
      const seconds = Math.round((Date.now() - begun) / 1000);
      console.log(`${title}: ${moments.length} of ${moments.length} in ${seconds} s`);
      for (const { subject, interruption } of moments)
        console.log(`    ${interruption} at ${subject}`);
      console.log(`  longest time without a write: ${longestGap} ms`);
      for (const one of repeated) console.log(`  one run more after: ${one}`);
    } catch (error) {
      process.exitCode = 1;
      console.log(`${title}: FAILED\n${error instanceof Error ? error.message : String(error)}`);
      await swept.end();
      swept = await SweptCluster.create(cloud);
    }
  }
  await swept.end();
}
