import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import type { InputPath, Report } from "../../../constructs/model/report";
import { nearest } from "../../../constructs/model/suggestion";
import { readText } from "./input-text";

/** A file that the input names: its content is input, too. */
export interface InputFile {
  /** The variable that names it. */
  readonly variable: string;
  /** Its path as it is in the input, relative to the directory of tofu.tfvars. */
  readonly name: string;
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly sha256: string;
}

export interface FileLimits {
  readonly mostBytes: number;
  /** What is usual, for the message about a larger file: "a patch some kilobytes". */
  readonly usual: string;
}

/** Reads the files that variables name, each relative to the directory of tofu.tfvars. */
export class InputFiles {
  private readonly known = new Map<string, InputFile>();

  /** @param directory Of tofu.tfvars */
  constructor(private readonly directory: string) {}

  /** The files that were read, in the order of their first reading. */
  get read(): readonly InputFile[] {
    return [...this.known.values()];
  }

  /**
   * A file's text. Problems are reported at the path of the value that names it.
   * @returns undefined after a report
   */
  text(
    name: string,
    at: InputPath,
    report: Report,
    { mostBytes, usual }: FileLimits,
  ): string | undefined {
    const problem = nameProblem(name);
    const file = join(this.directory, name);
    const found = problem === undefined ? readText(file, mostBytes, usual) : { problem };
    if ("problem" in found) {
      report.error(at, problem ?? readingProblem(file, found.problem));
      return undefined;
    }
    const variable = String(at[0]);
    const sha256 = createHash("sha256").update(found.bytes).digest("hex");
    this.known.set(`${variable} ${name}`, { variable, name, sha256 });
    return found.text;
  }
}

function nameProblem(name: string): string | undefined {
  if (name.trim() === "") return "Empty. Name a file, or remove the entry.";
  if (/\p{Cc}/u.test(name)) return "A file's name with a control character in it.";
  return isAbsolute(name) || name.startsWith("~")
    ? "A path relative to tofu.tfvars belongs here: others have the file elsewhere."
    : undefined;
}

function readingProblem(file: string, problem: string): string {
  return problem.startsWith("ENOENT")
    ? `There is no such file beside tofu.tfvars.${nearestFile(file)}`
    : `The file cannot be read: ${problem}`;
}

/** " Did you mean X?" when the directory has a file of a similar name, otherwise "". */
function nearestFile(file: string): string {
  try {
    return nearest(basename(file), readdirSync(dirname(file)));
  } catch {
    return "";
  }
}
