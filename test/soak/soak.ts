/**
 * The faults and the histories at length: every kind of fault at every change, then histories up to
 * a number, from where the last soak stopped.
 *
 *   npm run test:soak                          # all faults at all changes
 *   npm run test:soak -- --histories 10000     # and histories 1 to 10000
 *   npm run test:soak -- --again               # from the beginning
 */
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { kindsOf, turned } from "../faults/kinds";
import { Scenario } from "../faults/scenario";
import { operationsOf } from "../faults/operations";
import { missed, sweep, baseline } from "../faults/sweep";
import { type History, histories, lineOf } from "../histories/history";
import { runHistory } from "../histories/run";
import { faultNames } from "../histories/names";
import { type TestCloud, testClouds } from "../support/clouds";
import setup from "../support/global-setup";
import { type Progress, progressFile, readProgress, writeProgress } from "./progress";

/** Maximum time for shrinking a failing history, in milliseconds. */
const shrinking = 20 * 60_000;

const { values } = parseArgs({
  options: { histories: { type: "string", default: "0" }, again: { type: "boolean" } },
});

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const wanted = Number(values.histories);
  if (!Number.isInteger(wanted) || wanted < 0) throw new Error("--histories: a whole number");
  await setup();
  if (values.again === true) rmSync(progressFile, { force: true });
  const progress = readProgress();
  for (const cloud of testClouds) await allWithAll(cloud, progress);
  await runHistories(wanted, progress);
  const { recovered, cases, histories: run, failedHistories, failedSweeps } = progress;
  console.log(`faults: ${recovered} of ${cases} recovered`);
  console.log(`histories: ${run - failedHistories.length} of ${run} well`);
  for (const { sweep: name, failure: failure } of failedSweeps)
    console.log(`\nfaults of ${name}:\n${failure}`);
  for (const { seed, line } of failedHistories) {
    console.log(`\nhistory ${seed}, for test/histories/regressions.ts:\n  ${line},`);
  }
  if (failedHistories.length + failedSweeps.length > 0) process.exitCode = 1;
}

/** As many sweeps as there are kinds of fault: every change has each kind in one of them. */
async function allWithAll(cloud: TestCloud, progress: Progress): Promise<void> {
  for (const offset of kindsOf(cloud).keys()) {
    const name = `${cloud.name} ${offset}`;
    if (progress.sweeps.includes(name)) continue;
    const failure = await sweepLifecycle(cloud, offset, progress).catch(String);
    if (failure !== undefined)
      progress.failedSweeps.push({ sweep: name, failure: failure.slice(-4000) });
    progress.sweeps.push(name);
    writeProgress(progress);
    const { recovered, cases } = progress;
    console.log(`${name}: ${failure === undefined ? "well" : "FAILED"} (${recovered} of ${cases})`);
  }
}

/** @returns what failed */
async function sweepLifecycle(cloud: TestCloud, offset: number, progress: Progress) {
  const operations = operationsOf(cloud);
  const steps = await baseline(cloud, operations);
  const scenario = await Scenario.on(cloud, cloud.single);
  try {
    for (const operation of operations) {
      const baseline = steps.get(operation.name);
      if (baseline === undefined) throw new Error(`${operation.name} was not seen`);
      progress.cases += Object.values(baseline.changes).reduce((sum, count) => sum + count, 0);
      const cases = await sweep(scenario, operation, baseline, turned(kindsOf(cloud), offset));
      const objects = await scenario.user.cloudObjects();
      const planned = await scenario.changesPlanned(operation.intentOf(scenario));
      const bootstraps = await scenario.bootstraps();
      const failures = [
        ...missed(cases, baseline),
        ...planned,
        ...differences(objects, baseline.objects),
        ...(bootstraps === 1 ? [] : [`bootstrapped ${bootstraps} times`]),
      ];
      if (failures.length > 0) return `${operation.name}: ${failures.join("; ")}`;
      progress.recovered += cases.length;
    }
  } finally {
    await scenario.end();
  }
  return undefined;
}

function differences(
  one: Record<string, number>,
  other: Readonly<Record<string, number>>,
): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((kind) => one[kind] !== other[kind])
    .map((kind) => `${kind}: ${one[kind] ?? 0} for ${other[kind] ?? 0}`);
}

async function runHistories(wanted: number, progress: Progress): Promise<void> {
  for (let seed = progress.histories + 1; seed <= wanted; seed++) {
    const property = fc.asyncProperty(histories(faultNames), runHistory);
    const limits = { seed, numRuns: 1, interruptAfterTimeLimit: shrinking };
    const result = await fc.check<[History]>(property, limits);
    progress.histories = seed;
    const [shortest] = result.counterexample ?? [];
    if (shortest !== undefined) {
      const failure = String(result.errorInstance).slice(0, 4000);
      progress.failedHistories.push({ seed, line: lineOf(shortest), failure: failure });
      console.log(`history ${seed} FAILED:\n  ${lineOf(shortest)},\n${failure}`);
    }
    writeProgress(progress);
    if (seed % 10 === 0)
      console.log(`${seed} histories, ${progress.failedHistories.length} failed`);
  }
}
