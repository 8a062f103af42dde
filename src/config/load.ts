import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { type Problem, Report } from "../../constructs/model/report";
import type { Bucket } from "../object-store/bucket";
import { readStateBucket, readStateReplica, readStateSettings } from "./read-state-settings";
import { toClusterSpec } from "./cluster-spec";
import type { StateSettings } from "./state-settings";
import { type Input, type InputOptions, readInput } from "./syntax/input";
import { InputProblems } from "./problems";
import { checkSharedFiles } from "./checks/shared-files";
import { keyOf } from "./syntax/tfvars";

export interface Loaded {
  readonly input: Input;
  readonly spec: ClusterSpec;
  /** How the state is encrypted. @default - tofu.tfvars does not say */
  readonly state?: StateSettings | undefined;
  /** Where the state is kept. @default - in a file beside tofu.tfvars */
  readonly bucket?: Bucket | undefined;
  /** Where it is copied to. @default - nowhere */
  readonly replica?: Bucket | undefined;
  readonly warnings: readonly Problem[];
}

/**
 * Reads and checks the input.
 * @throws UserError when there is no input to read
 * @throws SyntaxProblems when it is no tfvars
 * @throws InputProblems with every mistake in it, and every warning
 */
export async function loadCluster(options: InputOptions): Promise<Loaded> {
  const input = await readInput(options);
  const report = new Report();
  const spec = toClusterSpec(input, report);
  const { state } = input.values;
  const bucket = report.hasErrors ? undefined : readStateBucket(state);
  const replica = report.hasErrors ? undefined : readStateReplica(state);
  if (bucket !== undefined || replica !== undefined) checkSharedFiles(input, report);
  const problems = withoutRepeats(report.problems);
  if (spec === undefined || report.hasErrors) throw new InputProblems(input, problems);
  return { input, spec, state: readStateSettings(state), bucket, replica, warnings: problems };
}

/** What applies to control planes and to workers is reported once. */
export function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ path, summary: text }) => {
    const key = keyOf([...path, text]);
    return !seen.has(key) && seen.add(key);
  });
}
