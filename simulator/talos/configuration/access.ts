import { isMapping, type Json, type Mapping } from "./documents";

/** The value at a path of keys, or undefined when a step is missing. */
export function at(mapping: Mapping, ...path: string[]): Json | undefined {
  let value: Json | undefined = mapping;
  for (const name of path) value = isMapping(value) ? value[name] : undefined;
  return value ?? undefined;
}

/** The string at a path; empty when there is none. */
export function stringAt(mapping: Mapping, ...path: string[]): string {
  const value = at(mapping, ...path);
  return typeof value === "string" ? value : "";
}

/** The list at a path; empty when there is none. */
export function listAt(mapping: Mapping, ...path: string[]): Json[] {
  const value = at(mapping, ...path);
  return Array.isArray(value) ? value : [];
}

/** The strings of a list; the fallback when there are none. */
export function stringsOr(values: readonly Json[], fallback?: string): string[] {
  const texts = values.filter((value) => typeof value === "string");
  return texts.length === 0 && fallback !== undefined ? [fallback] : texts;
}

/** A mapping to strings; what is none is written as JSON. */
export function textsIn(value: Json | undefined): Record<string, string> {
  if (!isMapping(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => [
      name,
      typeof text === "string" ? text : JSON.stringify(text),
    ]),
  );
}

/** Flags with their values: one may be given several times. */
export function argumentsIn(value: Json | undefined): Record<string, string[]> {
  if (!isMapping(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, given]) => [
      name,
      (Array.isArray(given) ? given : [given]).map((one) =>
        typeof one === "string" ? one : JSON.stringify(one),
      ),
    ]),
  );
}
