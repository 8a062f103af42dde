import { escape } from "./html";
import { type Layout, labelOf, lineHeight, padding, type Placed, type Point } from "./layout";

/**
 * The picture, with the attributes by which a script highlights its parts.
 * @param style Its style, where there is no page around it
 */
export function svgOf(layout: Layout, title: string, style?: string): string {
  const { width, height } = layout;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="${escape(title)}">`,
    ...(style === undefined ? [] : [`<style>${style}</style>`]),
    `<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z"/></marker></defs>`,
    ...layout.frames.map(
      (frame) =>
        `<g class="frame">${rectangle(frame, 8)}<text x="${frame.x + 14}" y="${frame.y + 24}">${escape(frame.title)}</text></g>`,
    ),
    ...layout.arrows.map(
      ({ from, to, points, ports, label }) =>
        `<g class="arrow" data-from="${from}" data-to="${to}" tabindex="0">` +
        `<path class="reach" d="${pathOf(points)}"/>` +
        `<path class="line" d="${pathOf(points)}" marker-end="url(#head)"/>` +
        `${rectangle(label, 3)}<text x="${label.x + label.width / 2}" y="${label.y + 12.5}">${escape(labelOf(ports))}</text></g>`,
    ),
    ...layout.boxes.map(
      (box) =>
        `<g class="box" data-id="${box.id}" tabindex="0" role="button">${rectangle(box, 6)}` +
        `<text class="title" x="${box.x + padding}" y="${box.y + padding + 12}">${escape(box.title)}</text>` +
        box.lines
          .map(
            (line, index) =>
              `<text x="${box.x + padding + (line.startsWith("  ") ? 10 : 0)}" y="${box.y + padding + 12 + (index + 1) * lineHeight}">${escape(line.trim())}</text>`,
          )
          .join("") +
        "</g>",
    ),
    "</svg>",
  ].join("\n");
}

function rectangle({ x, y, width, height }: Placed, radius: number): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"/>`;
}

function pathOf(points: readonly Point[]): string {
  return points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join("");
}
