import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { Diagnostic } from "../../../constructs/model/diagnostic";
import type { InputPath } from "../../../constructs/model/report";
import { inputFileNotFound, noInputFile, twoInputFiles } from "../../errors";
import { bendingSettings } from "../checks/environment";
import { InputFiles } from "./input-files";
import { readInputText } from "./input-text";
import { SyntaxProblems } from "../problems";
import { type Expression, keyOf, parseTfvars, type Place } from "./tfvars";
import { variableNames } from "../schema/variables";

const defaultNames = ["tofu.tfvars", "tofu.tfvars.json"] as const;
const environmentPrefix = "TF_VAR_";

/** The input: one file, and below it the `TF_VAR_…` of the environment, with tofu's precedence. */
export interface Input {
  /** Absolute path of the file. */
  readonly file: string;
  /** Its name, for messages. */
  readonly fileName: string;
  /** Number of its lines. */
  readonly lines: number;
  /** By variable; null and absent are the same. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Environment variables that were counted as input. */
  readonly fromEnvironment: readonly string[];
  /** The location of a value: "tofu.tfvars:9", or the environment variable's name. */
  where(path: InputPath): string;
  /** Values that are expressions: tofu.tfvars may only contain plain values. */
  readonly expressions: readonly Expression[];
  /** Reads the files that variables name, and knows which were read. */
  readonly files: InputFiles;
  /** What the environment would do to the next plain run of tofu. */
  readonly notices: readonly Diagnostic[];
}

export interface InputOptions {
  /** The directory of tofu.tfvars. */
  readonly directory: string;
  /** Another file than the directory's. */
  readonly file?: string;
  /** Where the files are that the input names. @default - the directory of the input's file */
  readonly filesDirectory?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads the input; only its syntax is checked.
 * @throws UserError when there is no file, or two
 * @throws SyntaxProblems when it is not HCL (or JSON)
 */
export async function readInput(options: InputOptions): Promise<Input> {
  const file = findInputFile(options);
  if (file === undefined) throw noInputFile(options.directory);
  const fileName = basename(file);
  const text = readInputText(file);
  const parsed = await parseTfvars(fileName, text);
  const values = { ...parsed.values };
  let places: readonly Place[] = parsed.places;
  const expressions = [...parsed.expressions];

  const fromEnvironment: string[] = [];
  for (const name of variableNames) {
    const variable = `${environmentPrefix}${name}`;
    const given = options.environment[variable];
    if (given === undefined || (values[name] ?? null) !== null) continue;
    fromEnvironment.push(variable);
    const value = await parseEnvironmentValue(variable, name, given);
    values[name] = value.value;
    places = [...places.filter(({ path }) => path[0] !== name), { path: [name], where: variable }];
    expressions.push(...value.expressions);
  }

  return {
    file,
    fileName,
    lines: text.trimEnd().split("\n").length,
    values,
    fromEnvironment,
    where: locator(places, fileName),
    expressions,
    files: new InputFiles(options.filesDirectory ?? dirname(file)),
    notices: bendingSettings(options.environment, options.directory),
  };
}

/**
 * The file to read: the named one, otherwise the directory's own.
 * @returns its absolute path, or undefined when none is named and the directory has none
 * @throws UserError when the named one does not exist, or the directory has two
 */
export function findInputFile({
  directory,
  file,
}: Pick<InputOptions, "directory" | "file">): string | undefined {
  if (file !== undefined) {
    const path = resolve(directory, file);
    if (!existsSync(path)) throw inputFileNotFound(file);
    return path;
  }
  const [first, second] = defaultNames
    .map((name) => resolve(directory, name))
    .filter((path) => existsSync(path));
  if (second !== undefined) throw twoInputFiles(...defaultNames);
  return first;
}

/** tofu reads a TF_VAR_ of a string literally, and any other as an expression. */
async function parseEnvironmentValue(variable: string, name: string, text: string) {
  if (!/^\s*[[{]/.test(text) && !["true", "false"].includes(text)) {
    return { value: text, expressions: [] };
  }
  try {
    const parsed = await parseTfvars(variable, `${name} = ${text}`);
    return { value: parsed.values[name], expressions: parsed.expressions };
  } catch (error) {
    if (!(error instanceof SyntaxProblems)) throw error;
    throw new SyntaxProblems(
      variable,
      error.problems.map((problem) => ({ ...problem, source: variable })),
    );
  }
}

/** Finds the location of the longest known prefix of a path. */
function locator(places: readonly Place[], fileName: string): (path: InputPath) => string {
  // Where a path is known twice, the first location counts.
  const known = new Map([...places].reverse().map(({ path, where }) => [keyOf(path), where]));
  return (path) => {
    for (let length = path.length; length > 0; length -= 1) {
      const where = known.get(keyOf(path.slice(0, length)));
      if (where !== undefined) return where;
    }
    return fileName;
  };
}
