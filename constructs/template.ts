/**
 * A text as it stands, for a place where OpenTofu would read `${…}` and `%{…}` as its own: an SSH
 * key's comment must not become an expression. Variable defaults need none of this: they are read
 * literally.
 */
export function literal(text: string): string {
  return text.replaceAll(/([$%])\{/g, (start, sign: string) => sign + start);
}

/** The same for every text inside a value. */
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
