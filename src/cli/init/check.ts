import { dirname } from "node:path";
import type { InputPath, Problem } from "../../../constructs/model/report";
import { Report } from "../../../constructs/model/report";
import { toClusterSpec } from "../../config/cluster-spec";
import type { Input } from "../../config/syntax/input";
import { InputFiles } from "../../config/syntax/input-files";
import type { Values } from "./values";

/** The values as synth would read them from the new file. */
export function asInput(values: Values, file: string): Input {
  return {
    file,
    fileName: "tofu.tfvars",
    lines: 1,
    values,
    fromEnvironment: [],
    where: () => "tofu.tfvars",
    expressions: [],
    files: new InputFiles(dirname(file)),
    notices: [],
  };
}

/** Every problem that synth would report for these values. */
export function check(values: Values): readonly Problem[] {
  const report = new Report();
  toClusterSpec(asInput(values, "tofu.tfvars"), report);
  return report.problems;
}

/** The problem that it would report for one of them. */
export function problemsAt(values: Values, path: InputPath): readonly Problem[] {
  return check(values).filter((problem) => path.every((step, i) => step === problem.path[i]));
}
