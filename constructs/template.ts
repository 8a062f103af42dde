/**
 * Escapes a string for a place where OpenTofu would evaluate `${…}` and `%{…}`: an SSH key's
 * comment must not become an expression. Defaults of variables need no escaping: they are read
 * literally.
 */
export function literal(text: string): string {
  return text.replaceAll(/([$%])\{/g, (start, sign: string) => sign + start);
}

/** Escapes every string inside a value. */
export function literalValue(value: unknown): unknown {
  if (typeof value === "string") return literal(value);
  if (Array.isArray(value)) return value.map(literalValue);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [literal(key), literalValue(item)]),
    );
  }
  return value;
}
