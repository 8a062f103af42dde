import { isUnknown, type Diagnostic, type Value } from "../protocol/model";

/** A string, where the schema allows nothing else. */
export function text(value: Value | undefined): string {
  if (typeof value !== "string") throw new TypeError("a text is required");
  return value;
}

/** Refuses a string that is not one of those allowed, with the message of the framework's validators 0.19. */
export function oneOf(
  attribute: string,
  value: Value | undefined,
  allowed: readonly string[],
): Diagnostic[] {
  if (value === null || value === undefined || isUnknown(value)) return [];
  if (allowed.includes(text(value))) return [];
  const quoted = allowed.map((name) => `"${name}"`).join(" ");
  return [
    {
      severity: "error",
      summary: "Invalid Attribute Value Match",
      detail: `Attribute ${attribute} value must be one of: [${quoted}], got: "${text(value)}"`,
      path: [attribute],
    },
  ];
}
