import type { InputPath, Problem } from "../../../constructs/model/report";
import { Report } from "../../../constructs/model/report";
import { toClusterSpec } from "../../config/cluster-spec";
import type { Input } from "../../config/syntax/input";
import type { Values } from "./values";

/** The values as synth would read them from the file that is to be. */
export function asInput(values: Values, file: string): Input {
  return {
    file,
    fileName: "tofu.tfvars",
    lines: 1,
    values,
    fromEnvironment: [],
    where: () => "tofu.tfvars",
    expressions: [],
    notices: [],
  };
}

/** Everything that synth would say of these values. */
export function check(values: Values): readonly Problem[] {
  const report = new Report();
  toClusterSpec(asInput(values, "tofu.tfvars"), report);
  return report.problems;
}

/** What it would say of one of them. */
export function problemsAt(values: Values, path: InputPath): readonly Problem[] {
  return check(values).filter((problem) => path.every((step, i) => step === problem.path[i]));
}
