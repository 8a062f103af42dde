/** Values of resources as tofu's JSON has them, of which no form is certain, and what reads them. */

/** Attributes by name. Null where one is not set, or known only after the apply. */
export type ResourceValues = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is ResourceValues {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The blocks of an attribute ("acl"); what is not an object among them is left out. */
export function blocksOf(value: unknown): ResourceValues[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Undefined for what is not a string, and for an empty one. */
export function stringOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The strings in a list; what is known only after the apply is left out. */
export function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
