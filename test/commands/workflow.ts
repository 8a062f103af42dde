import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
}

export interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

export function workflow(name: string): Workflow {
  const directory = join(__dirname, "..", "..", ".github", "workflows");
  return parse(readFileSync(join(directory, `${name}.yml`), "utf8")) as Workflow;
}

export function stepsOf({ jobs }: Workflow): readonly Step[] {
  return Object.values(jobs).flatMap(({ steps }) => steps);
}

/** The shell lines of a step, by its name. */
export function script(flow: Workflow, name: string): string {
  const step = stepsOf(flow).find((one) => one.name === name);
  if (step?.run === undefined) throw new Error(`there is no step ${name}`);
  return step.run;
}
