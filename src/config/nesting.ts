import { SyntaxProblems } from "./problems";

/** Deeper than any value here is, by far. */
const deepest = 32;
const token = /"(?:[^"\\\n]|\\.)*"|[[{(\]})]|\n/g;

/**
 * To be called before any parser sees the text: all of them recurse.
 * @throws SyntaxProblems where brackets nest more than 32 levels deep
 */
export function checkNesting(name: string, text: string): void {
  let depth = 0;
  let line = 1;
  for (const [found] of text.matchAll(token)) {
    if (found === "\n") line += 1;
    else if ("[{(".includes(found)) depth += 1;
    else if ("]})".includes(found)) depth -= 1;
    if (depth > deepest) {
      const mistake = `Nested more than ${deepest} levels deep; the values here have three.`;
      throw new SyntaxProblems(name, [{ where: `${name}:${line}`, text: mistake }]);
    }
  }
}
