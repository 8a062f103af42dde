import { testClouds, type TestCloud } from "../support/clouds";
import { essence } from "./essence";
import type { Kind } from "./kinds";
import { Scenario } from "./scenario";
import { type Operation, prepare } from "./operations";

/** A change that met a fault. */
export interface Case {
  readonly fault: string;
  /** "create scaleway_lb" */
  readonly change: string;
}

/** What a step is when nothing goes wrong. */
export interface Undisturbed {
  /** How often each change happens: "create scaleway_lb". */
  readonly changes: Readonly<Record<string, number>>;
  /** Objects of the cloud afterwards, by kind. */
  readonly objects: Readonly<Record<string, number>>;
}

/** As many runs in which nothing new is attempted and nothing comes to its end: it goes nowhere. */
const manyRuns = 3;

/** Operations, one after the other, as they are without faults, by their names; in a life of its own. */
export async function undisturbed(
  cloud: TestCloud,
  operations: readonly Operation[],
): Promise<Map<string, Undisturbed>> {
  const life = await Scenario.on(cloud, cloud.single);
  const steps = new Map<string, Undisturbed>();
  try {
    for (const operation of operations) {
      const changes: Record<string, number> = {};
      const off = life.person.simulator.onChange("changeDone", (change) => {
        const name = `${change.operation} ${change.type}`;
        changes[name] = (changes[name] ?? 0) + 1;
      });
      prepare(life, operation);
      const { code, words } = await life.run(operation.wish(life));
      off();
      if (code !== 0) throw new Error(words);
      // The tunnel's two ends look alike to their provider: one change.
      const alike = "create null_resource";
      if (changes[alike] !== undefined) changes[alike] = 1;
      steps.set(operation.name, { changes, objects: await life.person.cloudObjects() });
    }
  } finally {
    await life.end();
  }
  return steps;
}

/**
 * One operation, in which every change meets one fault at its first attempt, and only then: each run
 * has its kind of fault, the next in turn, which strikes whatever is attempted for the first time in
 * that run. A change whose fault it was is attempted again in the next run, and passes; what depends on
 * it comes for the first time then, and meets the next kind. So every change meets exactly one, in as
 * many runs as the graph is deep (or a signal lets through); with each offset every kind meets what
 * another met before, and as many offsets as there are kinds are all with all.
 *
 * @param kinds In their turn, the first of them in the first run.
 * @throws Error when it does not come to its end
 */
export async function sweep(
  life: Scenario,
  operation: Operation,
  { changes }: Undisturbed,
  kinds: readonly Kind[],
): Promise<Case[]> {
  const cases: Case[] = [];
  const met = new Set<string>();
  const points = { ...changes };
  prepare(life, operation);
  const wish = operation.wish(life);
  let told = "";
  for (let run = 0, idle = 0; idle < manyRuns; run++) {
    const kind = kinds[run % kinds.length];
    const { code, words, struck } = await life.run(wish, kind, { met, points });
    for (const { subject, change } of struck) {
      const point = `${change.operation} ${change.type}`;
      met.add(subject);
      points[point] = (points[point] ?? 0) - 1;
      cases.push({ fault: kind?.name ?? "", change: point });
    }
    const where = struck.map(({ change }) => `${change.operation} ${change.type}`).join(", ");
    told += `\n--- run ${run}, ${kind?.name ?? ""}, by ${life.by}: ${where}\n${essence(words)}`;
    if (code === 0) return cases;
    idle = struck.length === 0 ? idle + 1 : 0;
  }
  const nodes = (await life.person.simulator.nodes()).map(
    ({ name, stage, problem = "" }) => `${name}: ${stage} ${problem}`,
  );
  throw new Error(`it does not come to its end:\n${told}\n--- ${nodes.join("; ")}`);
}

/** A step with the changes of some types of resources alone. */
export function only(step: Undisturbed, types: readonly string[]): Undisturbed {
  const changes = Object.entries(step.changes).filter(([name]) =>
    types.includes(name.split(" ")[1] ?? ""),
  );
  return { ...step, changes: Object.fromEntries(changes) };
}

/** Changes of an undisturbed run that met no fault. */
export function missed(cases: readonly Case[], { changes }: Undisturbed): string[] {
  return Object.entries(changes).flatMap(([name, count]) => {
    const struck = cases.filter(({ change }) => change === name).length;
    return struck < count ? [`${name}: ${struck} of ${count}`] : [];
  });
}

/** A cloud by its name. */
export function cloudNamed(name: string): TestCloud {
  const found = testClouds.find((cloud) => cloud.name === name);
  if (found === undefined) throw new Error(`no cloud ${name}`);
  return found;
}
