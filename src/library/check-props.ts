import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { type Problem, Report } from "../../constructs/model/report";
import { toClusterSpec } from "../config/cluster-spec";
import { withoutRepeats } from "../config/load";
import type { Input } from "../config/syntax/input";
import { counted, problemList } from "../view/messages";
import type { ClusterSpecProps } from "./cluster-spec-props";
import { inPropNames, type Values, valuesOf } from "./props-to-values";
import { InvalidClusterSpec } from "./invalid-cluster-spec";

/** @throws InvalidClusterSpec */
export function checkProps(props: ClusterSpecProps): ClusterSpec {
  const given = valuesOf(props);
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
  if (spec === undefined) throw invalid(problems, given);
  return {
    ...spec,
    warnings: problems.map(
      ({ path, summary }) => `${given.pathText(path)}: ${inPropNames(summary)}`,
    ),
  };
}

function invalid(problems: readonly Problem[], { values, pathText }: Values): InvalidClusterSpec {
  const errors = problems
    .filter(({ severity }) => severity === "error")
    .map((problem) => ({ ...problem, summary: inPropNames(problem.summary) }));
  return new InvalidClusterSpec(
    `${counted(errors.length, "problem")}\n\n${problemList(errors, values, pathText)}\n`,
    errors.map(({ path, summary }) => ({ path: pathText(path), message: summary })),
  );
}

/** Props as an input: there is no file, and the environment does not count. */
function inputOf({ values }: Values): Input {
  return {
    file: "",
    fileName: "",
    lines: 0,
    values,
    fromEnvironment: [],
    where: () => "",
    expressions: [],
    notices: [],
  };
}
