import { harmless } from "../../../view/output";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes a string for HTML. */
export function escape(text: string): string {
  return harmless(text).replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? letter);
}

/** Data for a script in a page, escaped so that nothing in it can end the script. */
export function json(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "string" ? harmless(part) : part,
  ).replaceAll("<", "\\u003c");
}
