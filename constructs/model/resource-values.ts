/** Values of resources in tofu's JSON, which have no certain type, and their readers. */

/** Attributes by name. Null where one is unset, or known only after apply. */
export type ResourceValues = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is ResourceValues {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The blocks of an attribute ("acl"); anything else is left out. */
export function blocksOf(value: unknown): ResourceValues[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Undefined unless it is a string, and for an empty one. */
export function stringOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The strings in a list; what is known only after apply is left out. */
export function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
