import { type Diagnostic, errorAt } from "../../../constructs/model/diagnostic";

/** After that many, a user fixes these first; most of the others follow from them. */
const mostProblems = 10;

/**
 * HCL's parser prints "[name:1,5-2,1: Summary; Detail, name:3,1-2: …]". The result: one problem per
 * line, in the order of lines, none after an unclosed quote, which inverts everything that follows.
 */
export function hclProblems(name: string, message: string): Diagnostic[] {
  const one = /:(\d+),(\d+)-[\d,]+: ([^;]+); (.*?)(?=,? \S+:\d+,\d+-[\d,]+: |\]$)/gs;
  const byLine = new Map<number, Diagnostic & { readonly isOpenQuote: boolean }>();
  for (const [, line, column, summary = "", detail = ""] of message.matchAll(one)) {
    if (byLine.has(Number(line))) continue;
    byLine.set(Number(line), {
      ...errorAt(`${name}:${line}:${column}`, explained(summary, detail)),
      isOpenQuote: summary === "Invalid multi-line string",
    });
  }
  const sorted = [...byLine].sort(([a], [b]) => a - b).map(([, problem]) => problem);
  const firstOpen = sorted.findIndex(({ isOpenQuote }) => isOpenQuote);
  const meant = firstOpen < 0 ? sorted : sorted.slice(0, firstOpen + 1);
  if (meant.length === 0) return [errorAt(name, "Not lines of the form name = value.")];
  const left = meant.length - mostProblems;
  return meant.slice(0, mostProblems).map(({ severity, source, summary }, i) => ({
    severity,
    source,
    summary:
      left > 0 && i === mostProblems - 1
        ? `${summary} (${left} more lines: these first.)`
        : summary,
  }));
}

const severalAreAList =
  'One value to a line: a string needs quotes, several are a list: ["…", "…"].';

/** The parser's most frequent messages, for users who do not know HCL's terms. */
const known: Readonly<Record<string, string>> = {
  "Argument or block definition required": "A line must read name = value.",
  "Invalid argument name": "A line must read name = value.",
  "Invalid block definition": "A line must read name = value.",
  "Invalid expression": "A value is missing. (A plain ${ in a string is written $${.)",
  "Invalid multi-line string":
    'The closing " is missing: a string ends on the line that it begins on.',
  "Invalid number literal": 'Not a number. A string needs quotes: "…".',
  "Missing attribute separator": "A new line or a comma is missing before it.",
  "Missing item separator": 'A comma is missing before it: ["…", "…"].',
  "Missing key/value separator": "An equals sign is missing: name = value.",
  "Missing newline after argument": severalAreAList,
  "Unexpected comma after argument": severalAreAList,
  "Unterminated template string":
    'The closing " is missing: a string ends on the line that it begins on.',
};

function explained(summary: string, detail: string): string {
  if (detail.includes("the end of the file")) {
    return "The file ends too early: a closing } or ] is missing.";
  }
  const ours = known[summary];
  if (ours !== undefined) return ours;
  if (/quotes/i.test(detail)) return 'Texts stand in straight double quotes: "…".';
  const earlier = /already set at \S+:(\d+),/.exec(detail)?.[1];
  if (earlier !== undefined) return `Set already, in line ${earlier}. Keep one of them.`;
  return `${summary}: ${detail}`;
}
