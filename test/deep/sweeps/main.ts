/**
 * Every procedure that changes a running cluster, interrupted at each of its moments: on one cluster
 * with real programs. Prints a line for each procedure.
 *
 *   npm run test:sweeps                                        # on the three clouds
 *   npm run test:sweeps -- --cloud ovh --procedure "scale up"  # one of it; may be repeated
 *   npm run test:sweeps -- --offset 2                          # other kinds of interruption first
 *   npm run test:sweeps -- --every 3 --first 1                 # every third moment
 *   npm run test:sweeps -- --history 7                         # random procedures, each interrupted once
 *   npm run test:sweeps -- --results sweeps.tsv                # a line for each interruption, appended
 */
import { parseArgs } from "node:util";
import { type TestCloud, testClouds } from "../../support/clouds";
import setup from "../../support/deep-setup";
import { historyOf } from "./history";
import type { Choice } from "./moments";
import { type Procedure, procedures } from "./procedures";
import { outcomeOf, report } from "./report";
import { SweptCluster } from "./sweep";

const { values } = parseArgs({
  options: {
    cloud: { type: "string", multiple: true },
    procedure: { type: "string", multiple: true },
    offset: { type: "string", default: "0" },
    every: { type: "string", default: "1" },
    first: { type: "string", default: "0" },
    history: { type: "string", multiple: true },
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
  for (const cloud of clouds) {
    if (values.history === undefined) await take(cloud, sweeps());
    else for (const seed of values.history) await take(cloud, stepsOf(Number(seed)), true);
  }
}

interface Task {
  readonly procedure: Procedure;
  readonly choice: Choice;
}

function sweeps(): readonly Task[] {
  const [every, first] = [Number(values.every), Number(values.first)];
  const isChosen = (index: number) => index % every === first % every;
  return procedures
    .filter(({ name }) => values.procedure?.includes(name) ?? true)
    .map((procedure) => {
      return { procedure, choice: { offset: Number(values.offset), isChosen, tell } };
    });
}

function stepsOf(seed: number): readonly Task[] {
  return historyOf(seed).map(({ moment, kind, name, ...step }) => ({
    procedure: { ...step, name: `history ${seed}: ${name}` },
    choice: { offset: kind, isChosen: (index) => index === moment, tell },
  }));
}

/** @param isChain Whether each begins where the one before has ended: nothing follows a broken one */
async function take(cloud: TestCloud, tasks: readonly Task[], isChain = false): Promise<void> {
  let swept: SweptCluster | undefined;
  for (const { procedure, choice } of tasks) {
    swept ??= await SweptCluster.create(cloud);
    console.log(`${cloud.name}, ${procedure.name} ${procedure.options.join(" ")}`);
    const outcome = await outcomeOf(swept, procedure, choice);
    report(cloud, procedure, outcome, values.results);
    if (!outcome.isBroken) continue;
    process.exitCode = 1;
    await swept.end();
    swept = undefined;
    if (isChain) return;
  }
  await swept?.end();
}

function tell(text: string): void {
  console.log(`    ${new Date().toTimeString().slice(0, 8)} ${text}`);
}
