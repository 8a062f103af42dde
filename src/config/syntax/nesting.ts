import { errorAt } from "../../../constructs/model/diagnostic";
import { SyntaxProblems } from "../problems";

/** Far deeper than any value here. */
const deepest = 32;
/** Longer than any number here; HCL's parser takes a minute for a million digits. */
const mostDigits = 400;

const token = new RegExp(
  [
    /"(?:[^"\\\n]|\\.)*"/, // a string on its line
    /#.*|\/\/.*|\/\*(?:[^]*?\*\/|[^]*)/, // a comment
    /[[{(\]})]/,
    `(?:[!-]\\s*){${deepest + 1},}`, // each sign is a level, too
    `\\d{${mostDigits + 1},}`,
    /\n/,
  ]
    .map((part) => (typeof part === "string" ? part : part.source))
    .join("|"),
  "g",
);

/**
 * To be called before any parser: all of them recurse, and get slower with each level.
 * @throws SyntaxProblems where brackets nest more than 32 levels deep, or a number has more than
 * 400 digits
 */
export function checkNesting(name: string, text: string): void {
  let depth = 0;
  let line = 1;
  for (const [found] of text.matchAll(token)) {
    const where = `${name}:${line}`;
    line += found.split("\n").length - 1;
    if ("[{(".includes(found)) depth += 1;
    else if ("]})".includes(found)) depth -= 1;
    else if (/^\d/.test(found)) {
      const mistake = `A number of ${found.length} digits; none here has more than a few.`;
      throw new SyntaxProblems(name, [errorAt(where, mistake)]);
    }
    if (depth > deepest || /^[!-]/.test(found)) {
      const mistake = `Nested more than ${deepest} levels deep; the values here have three.`;
      throw new SyntaxProblems(name, [errorAt(where, mistake)]);
    }
  }
}
