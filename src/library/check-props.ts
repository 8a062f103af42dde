import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { type Problem, Report } from "../../constructs/model/report";
import { toClusterSpec } from "../config/cluster-spec";
import { withoutRepeats } from "../config/load";
import type { Input } from "../config/syntax/input";
import { InputFiles } from "../config/syntax/input-files";
import { counted, problemList } from "../view/messages";
import type { ClusterSpecProps } from "./cluster-spec-props";
import { inPropNames, type Values, valuesOf } from "./props-to-values";
import { InvalidClusterSpec } from "./invalid-cluster-spec";

/** @throws InvalidClusterSpec */
export function checkProps(props: ClusterSpecProps): ClusterSpec {
  // Without TypeScript, anything may come.
  const isObject = typeof props === "object" && (props as object | null) !== null;
  const given = valuesOf(isObject ? props : {});
  const report = new Report();
  for (const path of given.references) {
    report.wrongForm(
      path,
      "A reference, whose value is known only after an apply. Addresses and names are planned before: give the value itself.",
      { secret: true },
    );
  }
  const spec = toClusterSpec(inputOf(given), report);
  const problems = withoutRepeats(report.problems);
  if (spec === undefined || given.misnamed.length > 0) throw invalid(problems, given);
  return {
    ...spec,
    warnings: problems.map(
      ({ path, summary }) => `${given.pathText(path)}: ${inPropNames(summary)}`,
    ),
  };
}

function invalid(problems: readonly Problem[], given: Values): InvalidClusterSpec {
  const { values, pathText, misnamed } = given;
  const errors = problems
    .filter(({ severity }) => severity === "error")
    .map((problem) => ({ ...problem, summary: inPropNames(problem.summary) }));
  const found = [
    ...misnamed.map(({ path, key, name }) => ({
      path: [pathText(path), key].filter((part) => part !== "").join("."),
      message: `There is no such prop. Did you mean ${name}?`,
    })),
    ...errors.map(({ path, summary }) => ({ path: pathText(path), message: summary })),
  ];
  const list = [
    ...found.slice(0, misnamed.length).map(({ path, message }) => `  ${path}\n      ${message}`),
    problemList(errors, values, pathText),
  ].filter((part) => part !== "");
  return new InvalidClusterSpec(
    `${counted(found.length, "problem")}\n\n${list.join("\n\n")}\n`,
    found,
  );
}

/**
 * Props as an input: there is no file, and the environment does not count. Files that props name are
 * relative to the current directory.
 */
function inputOf({ values }: Values): Input {
  return {
    file: "",
    fileName: "",
    lines: 0,
    values,
    fromEnvironment: [],
    where: () => "",
    expressions: [],
    files: new InputFiles("."),
    notices: [],
  };
}
