import { stringify } from "yaml";

import type { Json, Mapping } from "./documents";

/**
 * YAML as Go's library writes it, four spaces per level. It differs from other printers in that a
 * mapping in a list counts its levels from the dash. Byte for byte what provider 0.11.0 renders
 * (compared for contracts 1.9 to 1.13).
 */
export function printYaml(mapping: Mapping): string {
  return printMapping(mapping, 0, 0).join("\n") + "\n";
}

/** @param level Column from which deeper levels are counted; `column` is that of the keys. */
function printMapping(mapping: Mapping, level: number, column: number): string[] {
  return Object.entries(mapping).flatMap(([name, value]) => {
    const [first, ...rest] = printValue(value, level + 4);
    const key = `${" ".repeat(column)}${printName(name)}:`;
    return first === undefined ? [key, ...rest] : [`${key} ${first}`, ...rest];
  });
}

/** The rest of the key's line (undefined when it is empty), and the lines below. */
function printValue(value: Json, level: number): [string | undefined, ...string[]] {
  if (typeof value === "string" && value.includes("\n")) return printText(value, level);
  if (typeof value !== "object" || value === null) return [printScalar(value)];
  if (Object.keys(value).length === 0) return [Array.isArray(value) ? "[]" : "{}"];
  if (!Array.isArray(value)) return [undefined, ...printMapping(value, level, level)];
  return [undefined, ...value.flatMap((item) => printItem(item, level))];
}

function printItem(item: Json, level: number): string[] {
  const dash = `${" ".repeat(level)}- `;
  const isMapping = typeof item === "object" && item !== null && !Array.isArray(item);
  if (isMapping && Object.keys(item).length > 0) {
    const [first = "", ...rest] = printMapping(item, level, level + 2);
    return [dash + first.trimStart(), ...rest];
  }
  const [first, below = "", ...rest] = printValue(item, level + 2);
  if (first === undefined) return [dash + below.trimStart(), ...rest];
  return [dash + first, ...(below === "" ? [] : [below]), ...rest];
}

/** A string of several lines as a block, unless it would need an indentation indicator. */
function printText(text: string, level: number): [string, ...string[]] {
  if (/^\s|[^\n]\s+\n|\r/.test(text)) return [JSON.stringify(text)];
  const ending = text.endsWith("\n\n") ? "+" : text.endsWith("\n") ? "" : "-";
  const lines = text.replace(/\n$/, "").split("\n");
  return [`|${ending}`, ...lines.map((line) => (line === "" ? "" : " ".repeat(level) + line))];
}

/** Every configuration has the same few hundred. */
const names = new Map<string, string>();

function printName(name: string): string {
  const printed = names.get(name) ?? printScalar(name);
  names.set(name, printed);
  return printed;
}

function printScalar(value: string | number | boolean | null): string {
  const printed = stringify(value, { lineWidth: 0 }).trimEnd();
  return /\n|^[|>]/.test(printed) ? JSON.stringify(value) : printed;
}
