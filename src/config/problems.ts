import type { Problem } from "../../constructs/model/report";
import type { SyntaxProblem } from "./syntax/hcl-syntax";
import type { Input } from "./syntax/input";

/** The file is not what its name says. */
export class SyntaxProblems extends Error {
  constructor(
    readonly file: string,
    readonly problems: readonly SyntaxProblem[],
  ) {
    super(problems.map(({ where, text }) => `${where}: ${text}`).join("\n"));
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
