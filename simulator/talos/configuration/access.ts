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
