/** Values that a message may repeat: short, and of characters that no key or secret needs. */
const harmless = /^[A-Za-z0-9./_-]{1,40}$/;

/** The message for a value where a string is expected: the same value corrected, if possible. */
export function notText(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") {
    return `Quotes are missing: "${String(value)}".`;
  }
  const [only, ...more] = Array.isArray(value) ? (value as unknown[]) : [];
  return isHarmless(only) && more.length === 0
    ? `Expected a single string, not a list: "${only}".`
    : `Expected a quoted string, got ${kindOf(value)}.`;
}

/** The message for a value where a whole number is expected. */
export function notWholeNumber(value: unknown): string {
  if (typeof value === "string" && /^\d{1,9}$/.test(value)) return `Remove the quotes: ${value}.`;
  if (typeof value === "number" || value === undefined) return "A whole number, such as 3.";
  return `Expected a whole number such as 3, got ${kindOf(value)}.`;
}

/** The message for a value where a list of strings is expected. */
export function notList(value: unknown): string {
  return isHarmless(value)
    ? `Expected a list: ["${value}"].`
    : `Expected a list, ["…", "…"], got ${kindOf(value)}.`;
}

/** The message for a value where `true` or `false` is expected. */
export function notBoolean(value: unknown): string {
  if (value === "true" || value === "false") return `Remove the quotes: ${value}.`;
  return `Expected true or false, without quotes, got ${kindOf(value)}.`;
}

function isHarmless(value: unknown): value is string {
  return typeof value === "string" && harmless.test(value);
}

/** "a list": as users call it. */
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
