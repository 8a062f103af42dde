import { testClouds, type TestCloud } from "../support/clouds";
import { essence } from "./essence";
import type { Kind } from "./kinds";
import { Scenario } from "./scenario";
import { type Operation, prepare } from "./operations";

/** A change that had a fault. */
export interface Case {
  readonly fault: string;
  /** "create scaleway_lb" */
  readonly change: string;
}

/** An operation without faults. */
export interface Baseline {
  /** How often each change happens: "create scaleway_lb". */
  readonly changes: Readonly<Record<string, number>>;
  /** Objects of the cloud afterwards, by kind. */
  readonly objects: Readonly<Record<string, number>>;
}

/** So many runs without a new attempt or a completed change mean that there is no progress. */
const manyRuns = 3;

/** The operations without faults, one after the other, by name; on a cluster of their own. */
export async function baseline(
  cloud: TestCloud,
  operations: readonly Operation[],
): Promise<Map<string, Baseline>> {
  const scenario = await Scenario.on(cloud, cloud.single);
  const steps = new Map<string, Baseline>();
  try {
    for (const operation of operations) {
      const changes: Record<string, number> = {};
      const off = scenario.user.simulator.onChange("changeDone", (change) => {
        const name = `${change.operation} ${change.type}`;
        changes[name] = (changes[name] ?? 0) + 1;
      });
      prepare(scenario, operation);
      const { code, printed: printed } = await scenario.run(operation.intentOf(scenario));
      off();
      if (code !== 0) throw new Error(printed);
      // The tunnel's two resources look identical to their provider: one change.
      const tunnelPair = "create null_resource";
      if (changes[tunnelPair] !== undefined) changes[tunnelPair] = 1;
      steps.set(operation.name, { changes, objects: await scenario.user.cloudObjects() });
    }
  } finally {
    await scenario.end();
  }
  return steps;
}

/**
 * One operation, in which every change has one fault, at its first attempt only. Each run has its
 * kind of fault, the next in turn, which occurs at every change that is attempted for the first
 * time in that run. Such a change is attempted again in the next run, and succeeds; what depends on
 * it is then attempted for the first time, and has the next kind. So every change has exactly one,
 * in as many runs as the graph is deep (or a signal lets through). Each offset shifts the kinds by
 * one; as many offsets as there are kinds cover all combinations.
 *
 * @param kinds In order, the first of them in the first run.
 * @throws Error when it does not complete
 */
export async function sweep(
  scenario: Scenario,
  operation: Operation,
  { changes }: Baseline,
  kinds: readonly Kind[],
): Promise<Case[]> {
  const cases: Case[] = [];
  const hit = new Set<string>();
  const points = { ...changes };
  prepare(scenario, operation);
  const intent = operation.intentOf(scenario);
  let log = "";
  for (let run = 0, withoutProgress = 0; withoutProgress < manyRuns; run++) {
    const kind = kinds[run % kinds.length];
    const {
      code,
      printed: printed,
      occurred: occurred,
    } = await scenario.run(intent, kind, { hit: hit, points });
    for (const { subject, change } of occurred) {
      const point = `${change.operation} ${change.type}`;
      hit.add(subject);
      points[point] = (points[point] ?? 0) - 1;
      cases.push({ fault: kind?.name ?? "", change: point });
    }
    const where = occurred.map(({ change }) => `${change.operation} ${change.type}`).join(", ");
    log += `\n--- run ${run}, ${kind?.name ?? ""}, by ${scenario.by}: ${where}\n${essence(printed)}`;
    if (code === 0) return cases;
    withoutProgress = occurred.length === 0 ? withoutProgress + 1 : 0;
  }
  const nodes = (await scenario.user.simulator.nodes()).map(
    ({ name, stage, problem = "" }) => `${name}: ${stage} ${problem}`,
  );
  throw new Error(`it does not complete:\n${log}\n--- ${nodes.join("; ")}`);
}

/** An operation with only the changes of some types of resources. */
export function only(step: Baseline, types: readonly string[]): Baseline {
  const changes = Object.entries(step.changes).filter(([name]) =>
    types.includes(name.split(" ")[1] ?? ""),
  );
  return { ...step, changes: Object.fromEntries(changes) };
}

/** Changes of a run without faults that had no fault. */
export function missed(cases: readonly Case[], { changes }: Baseline): string[] {
  return Object.entries(changes).flatMap(([name, count]) => {
    const occurred = cases.filter(({ change }) => change === name).length;
    return occurred < count ? [`${name}: ${occurred} of ${count}`] : [];
  });
}

/** A cloud by its name. */
export function cloudNamed(name: string): TestCloud {
  const found = testClouds.find((cloud) => cloud.name === name);
  if (found === undefined) throw new Error(`no cloud ${name}`);
  return found;
}
