import { relative } from "node:path";
import type { InputPath, Problem } from "../../constructs/model/report";
import type { Input } from "../config/syntax/input";
import { InputProblems, SyntaxProblems } from "../config/problems";
import { shownValue } from "../config/schema/shown-value";
import { UserError } from "../errors";
import type { Synthesized } from "../synth";
import { systemMessage } from "../system-error";

/** Longest line of a message; a terminal's default width. */
const width = 80;
/** A longer value is truncated: a user recognizes it by its beginning. */
const longestValue = 40;

/**
 * The text of an error that a user caused.
 * @returns undefined for a bug: its stack is needed
 */
export function explain(error: unknown): string | undefined {
  if (error instanceof UserError) return error.message;
  if (error instanceof SyntaxProblems) {
    const problems = error.problems.map(({ source = error.file, summary }) =>
      entry(source, "", summary),
    );
    return [headline(error.file, problems.length), ...problems].join("\n\n");
  }
  if (error instanceof InputProblems) {
    const { input, problems } = error;
    const errors = problems.filter(({ severity }) => severity === "error");
    return [
      headline(input.fileName, errors.length),
      listing(entries(errors, input)),
      warnings(problems, input),
    ]
      .filter((part) => part !== "")
      .join("\n\n");
  }
  return systemMessage(error);
}

/** The text of a successful synth. @param directory The current directory */
export function summary(synthesized: Synthesized, directory: string): string {
  const { spec, cloud, input, resources, stackDirectory } = synthesized;
  const file = `${relative(directory, stackDirectory)}/cdk.tf.json`;
  const notes = warnings(synthesized.warnings, input);
  return [
    `${spec.name} on ${cloud.title}, ${spec.region}: ${resources} resources in ${file}`,
    ...(input.fromEnvironment.length > 0
      ? [`counted as input: ${input.fromEnvironment.join(", ")}`]
      : []),
    ...(notes === "" ? [] : [`\n${notes}`]),
  ].join("\n");
}

/** The warnings among the problems, and about the environment, with a heading of their own; "" when there are none. */
export function warnings(problems: readonly Problem[], input: Input): string {
  const found = problems.filter(({ severity }) => severity === "warning");
  const all = [
    ...entries(found, input),
    ...input.notices.map(({ source = "", summary, fix = "" }) => ({
      where: source,
      name: "",
      text: `${summary}\n${fix}`.trimEnd(),
    })),
  ];
  return all.length === 0 ? "" : `${counted(all.length, "warning")}\n\n${listing(all)}`;
}

/** Problems of values that come from no file: each with its path, its value and its text. */
export function problemList(
  problems: readonly Problem[],
  values: Readonly<Record<string, unknown>>,
  nameOf: (path: InputPath) => string,
): string {
  return problems
    .map(({ path, summary: text, secret }) =>
      entry("", nameOf(path) + (secret ? "" : found(values, path)), text),
    )
    .join("\n\n");
}

function headline(file: string, count: number): string {
  return `${file}: ${counted(count, "problem")}, nothing was written`;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** One problem and its location. */
interface Entry {
  readonly where: string;
  /** Its subject: a path and its value. */
  readonly name: string;
  readonly text: string;
}

function entries(problems: readonly Problem[], input: Input): Entry[] {
  return problems
    .map(({ path, summary: text, secret }) => ({
      where: input.where(path),
      name: pathText(path) + (secret ? "" : found(input.values, path)),
      text,
    }))
    .sort((a, b) => lineOf(a.where) - lineOf(b.where));
}

function listing(all: readonly Entry[]): string {
  const column = Math.max(...all.map(({ where }) => where.length));
  return all.map(({ where, name, text }) => entry(where.padEnd(column), name, text)).join("\n\n");
}

/** Of "tofu.tfvars:9"; what has no line comes last. */
function lineOf(where: string): number {
  return Number(/:(\d+)$/.exec(where)?.[1] ?? Infinity);
}

function entry(where: string, name: string, text: string): string {
  return `  ${where === "" ? "" : `${where}  `}${name}`.trimEnd() + `\n${wrap(text, "      ")}`;
}

/** node_distribution.scaleway.zones[1] */
export function pathText(path: InputPath): string {
  return path
    .map((step, i) =>
      typeof step === "number" ? `[${step}]` : `${i > 0 ? "." : ""}${oneLine(step)}`,
    )
    .join("");
}

/** A name with a newline in it would look like lines of ours. */
function oneLine(step: string): string {
  return /[\n\r]/.test(step) ? JSON.stringify(step) : step;
}

/** " = value" where a value may be printed. */
function found(values: Readonly<Record<string, unknown>>, path: InputPath): string {
  const value = shownValue(values, path);
  if (value === undefined) return "";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return ` = ${text.length > longestValue ? `${text.slice(0, longestValue)}…` : text}`;
}

/** Wraps lines at a terminal's width. Keeps existing line breaks: a command to paste is a line of its own. */
export function wrap(text: string, indent: string): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, indent))
    .join("\n");
}

function wrapLine(text: string, indent: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && indent.length + last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines.map((line) => indent + line).join("\n");
}
