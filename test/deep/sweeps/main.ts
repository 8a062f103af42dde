/**
 * Every procedure that changes a running cluster, interrupted at each of its moments: on one cluster
 * with real programs. Prints a line for each procedure.
 *
 *   npm run test:sweeps                                        # on the three clouds
 *   npm run test:sweeps -- --cloud ovh --procedure "scale up"  # one of it; may be repeated
 *   npm run test:sweeps -- --offset 2                          # other kinds of interruption first
 *   npm run test:sweeps -- --every 3 --first 1                 # every third moment
 *   npm run test:sweeps -- --results sweeps.tsv                # a line for each interruption, appended
 */
import { parseArgs } from "node:util";
import { type TestCloud, testClouds } from "../../support/clouds";
import setup from "../../support/deep-setup";
import type { Choice } from "./moments";
import { proceduresOf } from "./procedures";
import { outcomeOf, report } from "./report";
import { SweptCluster } from "./sweep";

const { values } = parseArgs({
  options: {
    cloud: { type: "string", multiple: true },
    procedure: { type: "string", multiple: true },
    offset: { type: "string", default: "0" },
    every: { type: "string", default: "1" },
    first: { type: "string", default: "0" },
    results: { type: "string" },
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
  const choice: Choice = {
    offset: Number(values.offset),
    every: Number(values.every),
    first: Number(values.first),
    tell: (text) => {
      console.log(`    ${new Date().toTimeString().slice(0, 8)} ${text}`);
    },
  };
  for (const procedure of chosen) {
    console.log(`${cloud.name}, ${procedure.name}`);
    const outcome = await outcomeOf(swept, procedure, choice);
    report(cloud, procedure, outcome, values.results);
    if (!outcome.isBroken) continue;
    process.exitCode = 1;
    await swept.end();
    swept = await SweptCluster.create(cloud);
  }
  await swept.end();
}
