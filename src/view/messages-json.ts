import type { Diagnostic } from "../../constructs/model/diagnostic";
import type { Problem } from "../../constructs/model/report";
import type { Input } from "../config/syntax/input";
import { InputProblems, SyntaxProblems } from "../config/problems";
import { shownValue } from "../config/schema/shown-value";
import { UserError } from "../errors";
import { pathText } from "./messages";
import type { Synthesized } from "../synth";
import { systemMessage } from "../system-error";

/** The output of `--json`, one object: the same facts as the text. */
export interface JsonReport {
  /** True when the configuration was written. */
  readonly ok: boolean;
  readonly problems: readonly JsonProblem[];
  /** Why nothing could be checked, if so. */
  readonly error?: string;
  readonly cluster?: string;
  readonly cloud?: string;
  readonly region?: string;
  readonly resources?: number;
  /** Absolute path of tofu's working directory. */
  readonly stackFolder?: string;
  /** Environment variables that were counted as input. */
  readonly fromEnvironment?: readonly string[];
}

export interface JsonProblem extends Diagnostic {
  /** "node_distribution.scaleway.zones[1]"; absent for a mistake of syntax and for a setting of tofu's. */
  readonly path?: string;
  /** The value in the input; absent where there is none, or where it may be a secret. */
  readonly value?: string | number | boolean;
}

export function successReport(result: Synthesized): JsonReport {
  const { spec, cloud, input, warnings, resources, stackDirectory } = result;
  return {
    ok: true,
    problems: all(warnings, input),
    cluster: spec.name,
    cloud: cloud.name,
    region: spec.region,
    resources,
    stackFolder: stackDirectory,
    fromEnvironment: input.fromEnvironment,
  };
}

/** @returns undefined for a bug: its stack is needed */
export function failureReport(error: unknown): JsonReport | undefined {
  if (error instanceof UserError) return { ok: false, problems: [], error: error.message };
  if (error instanceof SyntaxProblems) {
    return { ok: false, problems: error.problems };
  }
  if (error instanceof InputProblems) {
    const { input, problems } = error;
    return { ok: false, problems: all(problems, input) };
  }
  const words = systemMessage(error);
  return words === undefined ? undefined : { ok: false, problems: [], error: words };
}

function all(problems: readonly Problem[], input: Input): JsonProblem[] {
  return [...problems.map((problem) => toJson(problem, input)), ...input.notices];
}

function toJson({ severity, path, summary, secret }: Problem, input: Input): JsonProblem {
  const value = secret ? undefined : shownValue(input.values, path);
  return { severity, source: input.where(path), path: pathText(path), value, summary };
}
