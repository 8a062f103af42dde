/** Unchanged lines around a change. */
const CONTEXT = 3;

type Line = readonly [mark: " " | "-" | "+", text: string];

/** The differences between two strings, in the unified format that Talos prints; empty when equal. */
export function unifiedDiff(before: string, after: string): string {
  if (before === after) return "";
  const lines = compare(linesOf(before), linesOf(after));
  const kept = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(([mark]) => mark !== " "),
  );
  let text = "--- a\n+++ b\n";
  for (let start = 0; start < lines.length; start++) {
    if (kept[start] !== true) continue;
    let end = start;
    while (kept[end] === true) end++;
    text += hunk(lines, start, end);
    start = end;
  }
  return text;
}

function hunk(lines: readonly Line[], start: number, end: number): string {
  const count = (from: number, to: number, mark: "-" | "+") =>
    lines.slice(from, to).filter(([own]) => own === " " || own === mark).length;
  const range = (mark: "-" | "+") =>
    `${mark}${count(0, start, mark) + 1},${count(start, end, mark)}`;
  const body = lines.slice(start, end).map(([mark, text]) => `${mark}${text}\n`);
  return `@@ ${range("-")} ${range("+")} @@\n${body.join("")}`;
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** By the longest common subsequence. */
function compare(before: readonly string[], after: readonly string[]): Line[] {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const common = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        before[i] === after[j]
          ? common(i + 1, j + 1) + 1
          : Math.max(common(i + 1, j), common(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, next] = [before[i], after[j]];
    if (old !== undefined && old === next) {
      lines.push([" ", old]);
      i++;
      j++;
    } else if (next === undefined || (old !== undefined && common(i + 1, j) >= common(i, j + 1))) {
      lines.push(["-", old ?? ""]);
      i++;
    } else {
      lines.push(["+", next]);
      j++;
    }
  }
  return lines;
}
