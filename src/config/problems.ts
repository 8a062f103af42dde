import type { Problem } from "../../constructs/model/report";
import type { Diagnostic } from "../../constructs/model/diagnostic";
import type { Input } from "./syntax/input";

/** The file does not have the syntax of its name. */
export class SyntaxProblems extends Error {
  constructor(
    readonly file: string,
    readonly problems: readonly Diagnostic[],
  ) {
    super(problems.map(({ source = file, summary }) => `${source}: ${summary}`).join("\n"));
  }
}

/** The input has mistakes: all of them. */
export class InputProblems extends Error {
  constructor(
    readonly input: Input,
    readonly problems: readonly Problem[],
  ) {
    super(`${input.fileName} has mistakes`);
  }
}
