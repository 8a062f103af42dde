import type { Cell, Screen } from "./screen";

/** Of one character, in pixels: about that of a monospace font of 14 pixels. */
export const cellWidth = 8.4;
const lineHeight = 19;
export const margin = 18;
const palette = { red: "#f28b82", green: "#81c995", yellow: "#fdd663" } as const;

/** A screen as an SVG with real text: it can be selected, and read aloud. */
export function svg(screen: Screen, title: string): string {
  const columns = Math.max(...screen.lines.map((line) => line.length));
  const width = Math.ceil(columns * cellWidth + 2 * margin);
  const height = screen.lines.length * lineHeight + 2 * margin;
  const rows = screen.lines.flatMap((line, row) => {
    const y = margin + (row + 0.75) * lineHeight;
    return line.length === 0 ? [] : [`<text x="${margin}" y="${y}">${runs(line)}</text>`];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="#1e1f24"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e3e3e3">`,
    ...rows,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/**
 * Runs of one style, each placed by its column: no font is exactly as wide as another. A run has no
 * blank at its ends and no two in a row, since renderers collapse them.
 */
function runs(line: readonly Cell[]): string {
  const parts: { at: number; text: string; look: string }[] = [];
  line.forEach((cell, at) => {
    const look =
      (cell.color === undefined ? "" : ` fill="${palette[cell.color]}"`) +
      (cell.isDim ? ` opacity="0.6"` : "");
    const last = parts.at(-1);
    if (last?.look === look) last.text += cell.text;
    else parts.push({ at, text: cell.text, look });
  });
  return parts
    .flatMap(({ at, text, look }) =>
      [...text.matchAll(/\S+( \S+)*/g)].map((words) => {
        const [x, length] = [margin + (at + words.index) * cellWidth, words[0].length * cellWidth];
        return `<tspan x="${x.toFixed(1)}" textLength="${length.toFixed(1)}"${look}>${escape(words[0])}</tspan>`;
      }),
    )
    .join("");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
