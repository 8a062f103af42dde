/** Values that a message may repeat: short, and of letters that no key and no secret text needs. */
const harmless = /^[A-Za-z0-9./_-]{1,40}$/;

/** What to say of a value where a text belongs: the same value as it would be right, if that can be told. */
export function notText(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") {
    return `Quotes are missing: "${String(value)}".`;
  }
  const [only, ...more] = Array.isArray(value) ? (value as unknown[]) : [];
  return isHarmless(only) && more.length === 0
    ? `Expected a single string, not a list: "${only}".`
    : `Expected a quoted string, got ${kindOf(value)}.`;
}

/** What to say of a value where a whole number belongs. */
export function notWholeNumber(value: unknown): string {
  if (typeof value === "string" && /^\d{1,9}$/.test(value)) return `Remove the quotes: ${value}.`;
  if (typeof value === "number" || value === undefined) return "A whole number, such as 3.";
  return `Expected a whole number such as 3, got ${kindOf(value)}.`;
}

/** What to say of a value where a list of texts belongs. */
export function notList(value: unknown): string {
  return isHarmless(value)
    ? `Expected a list: ["${value}"].`
    : `Expected a list, ["…", "…"], got ${kindOf(value)}.`;
}

/** What to say of a value where `true` or `false` belongs. */
export function notBoolean(value: unknown): string {
  if (value === "true" || value === "false") return `Remove the quotes: ${value}.`;
  return `Expected true or false, without quotes, got ${kindOf(value)}.`;
}

function isHarmless(value: unknown): value is string {
  return typeof value === "string" && harmless.test(value);
}

/** "a list": in a person's words. */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "a string";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    default:
      return "an object";
  }
}
