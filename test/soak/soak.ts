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
import { findTofu } from "../../src/tofu/binary";
import { kindsOf, turned } from "../faults/kinds";
import { Scenario } from "../faults/scenario";
import { operationsOf } from "../faults/operations";
import { missed, sweep, undisturbed } from "../faults/sweep";
import { type History, histories, lineOf } from "../histories/history";
import { live } from "../histories/live";
import { faultNames } from "../histories/names";
import { type TestCloud, testClouds } from "../support/clouds";
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
  const { path } = await findTofu({ environment: process.env, progress: console.error });
  process.env["TOFU_BIN"] = path;
  if (values.again === true) rmSync(progressFile, { force: true });
  const progress = readProgress();
  for (const cloud of testClouds) await allWithAll(cloud, progress);
  await liveThrough(wanted, progress);
  const { recovered, cases, histories: lived, failedHistories, failedSweeps } = progress;
  console.log(`faults: ${recovered} of ${cases} recovered`);
  console.log(`histories: ${lived - failedHistories.length} of ${lived} well`);
  for (const { sweep: name, words } of failedSweeps) console.log(`\nfaults of ${name}:\n${words}`);
  for (const { seed, line } of failedHistories) {
    console.log(`\nhistory ${seed}, for test/histories/kept.ts:\n  ${line},`);
  }
  if (failedHistories.length + failedSweeps.length > 0) process.exitCode = 1;
}

/** As many sweeps as there are kinds of fault: every change has each kind in one of them. */
async function allWithAll(cloud: TestCloud, progress: Progress): Promise<void> {
  for (const offset of kindsOf(cloud).keys()) {
    const name = `${cloud.name} ${offset}`;
    if (progress.sweeps.includes(name)) continue;
    const words = await sweepLife(cloud, offset, progress).catch(String);
    if (words !== undefined) progress.failedSweeps.push({ sweep: name, words: words.slice(-4000) });
    progress.sweeps.push(name);
    writeProgress(progress);
    const { recovered, cases } = progress;
    console.log(`${name}: ${words === undefined ? "well" : "FAILED"} (${recovered} of ${cases})`);
  }
}

/** @returns what failed */
async function sweepLife(cloud: TestCloud, offset: number, progress: Progress) {
  const operations = operationsOf(cloud);
  const steps = await undisturbed(cloud, operations);
  const life = await Scenario.on(cloud, cloud.single);
  try {
    for (const operation of operations) {
      const whole = steps.get(operation.name);
      if (whole === undefined) throw new Error(`${operation.name} was not seen`);
      progress.cases += Object.values(whole.changes).reduce((sum, count) => sum + count, 0);
      const cases = await sweep(life, operation, whole, turned(kindsOf(cloud), offset));
      const objects = await life.person.cloudObjects();
      const planned = await life.changesPlanned(operation.wish(life));
      const wrong = [
        ...missed(cases, whole),
        ...planned,
        ...differences(objects, whole.objects),
        ...(life.bootstraps === 1 ? [] : [`bootstrapped ${life.bootstraps} times`]),
      ];
      if (wrong.length > 0) return `${operation.name}: ${wrong.join("; ")}`;
      progress.recovered += cases.length;
    }
  } finally {
    await life.end();
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

async function liveThrough(wanted: number, progress: Progress): Promise<void> {
  for (let seed = progress.histories + 1; seed <= wanted; seed++) {
    const property = fc.asyncProperty(histories(faultNames), live);
    const limits = { seed, numRuns: 1, interruptAfterTimeLimit: shrinking };
    const result = await fc.check<[History]>(property, limits);
    progress.histories = seed;
    const [shortest] = result.counterexample ?? [];
    if (shortest !== undefined) {
      const words = String(result.errorInstance).slice(0, 4000);
      progress.failedHistories.push({ seed, line: lineOf(shortest), words });
      console.log(`history ${seed} FAILED:\n  ${lineOf(shortest)},\n${words}`);
    }
    writeProgress(progress);
    if (seed % 10 === 0)
      console.log(`${seed} histories, ${progress.failedHistories.length} failed`);
  }
}
