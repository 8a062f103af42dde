import type { ClusterSpec } from "../../constructs/cluster";
import { type Problem, Report } from "../../constructs/report";
import { toClusterSpec } from "./cluster-spec";
import { type Input, type InputOptions, readInput } from "./input";
import { InputProblems } from "./problems";

export interface Loaded {
  readonly input: Input;
  readonly spec: ClusterSpec;
  readonly warnings: readonly Problem[];
}

/**
 * Reads and checks what a person gave.
 * @throws UserError when there is no input to read
 * @throws SyntaxProblems when it is no tfvars
 * @throws InputProblems with every mistake in it, and every warning
 */
export async function loadCluster(options: InputOptions): Promise<Loaded> {
  const input = await readInput(options);
  const report = new Report();
  const spec = toClusterSpec(input, report);
  const problems = report.problems.filter(isFirst);
  if (spec === undefined) throw new InputProblems(input, problems);
  return { input, spec, warnings: problems };
}

/** What holds for control planes and for workers is told once. */
function isFirst(problem: Problem, index: number, all: readonly Problem[]): boolean {
  const isSame = (other: Problem) =>
    other.text === problem.text && other.path.join("\0") === problem.path.join("\0");
  return all.findIndex(isSame) === index;
}
