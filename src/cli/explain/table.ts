import { insideLines } from "./inside";
import type { Explained } from "./network";
import { endsOf, type Row, rowsOf } from "./rows";
import { colors } from "../../view/colors";

export interface TableOptions {
  /** Also what is refused. */
  readonly all: boolean;
  /** Of the terminal, in characters. @default - unlimited */
  readonly width?: number;
}

/** Who can reach what, as text. */
export function table(
  title: string,
  source: string,
  explained: Explained,
  { all, width }: TableOptions,
): string {
  const rows = rowsOf(explained.flows);
  const reached = rows.filter((row) => row.reached);
  const refused = rows.filter((row) => !row.reached);
  const count = (some: readonly Row[]) => some.reduce((sum, row) => sum + row.count, 0);
  return [
    `${title}: who can reach what, of ${source}`,
    "",
    ...insideLines(explained.inside).map((line) => `  ${line}`),
    "",
    ...sections(reached, width),
    ...(all
      ? [colors.bold("Refused"), "", ...sections(refused, width)]
      : [
          `Everything else that was asked, ${count(refused)} of ${explained.flows.length}, is refused.`,
          "What refuses it: openaether explain --all",
          "",
        ]),
    colors.bold("What is promised"),
    "",
    ...explained.findings.flatMap(({ title, broken }) => [
      `  ${broken.length === 0 ? colors.green("✓") : colors.red("✗")} ${title}`,
      ...broken.slice(0, shownOfEach).map((line) => `      ${line}`),
      ...(broken.length > shownOfEach ? [`      and ${broken.length - shownOfEach} more`] : []),
    ]),
    ...(explained.remarks.length === 0
      ? []
      : ["", colors.bold("What is not"), "", ...explained.remarks.map((remark) => `  ${remark}`)]),
  ].join("\n");
}

/** Maximum number of violations to list per guarantee. */
const shownOfEach = 5;

/** A block for each source, a line for each target and reason; where that is too wide, with the reasons below. */
function sections(rows: readonly Row[], most = Infinity): string[] {
  const lines = rows.map((row) => ({ ...row, ...endsOf(row), ports: row.ports.join(" ") }));
  const parties = [...new Set(lines.map(({ from }) => from))];
  const width = Math.max(0, ...lines.map(({ to }) => to.length));
  const widest = Math.max(0, ...lines.map(({ ports }) => ports.length).filter((n) => n < 40));
  const placed = lines.map((line) => ({
    ...line,
    place: `  → ${line.to.padEnd(width)}  ${line.ports.padEnd(widest)}`,
  }));
  const isWide = placed.some(({ place, because }) => place.length + 2 + because.length > most);
  return parties.flatMap((source) => [
    source,
    ...placed
      .filter(({ from }) => from === source)
      .sort((one, other) => Number(other.isOwn) - Number(one.isOwn))
      .flatMap(({ place, because }) =>
        isWide
          ? [place.trimEnd(), ...because.split(", ").map((one) => `      ${colors.dim(one)}`)]
          : [`${place}  ${colors.dim(because)}`],
      ),
    "",
  ]);
}
