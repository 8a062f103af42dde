import { type ConfigurationValue, isMap } from "./configuration-documents";
import { isSecretValue } from "./secret-paths";

/** In place of a secret. */
export const hidden = "(secret)";

interface ShownPair {
  readonly before?: string;
  readonly after?: string;
}

/** Characters of a value that are shown at most. */
const most = 60;

/** Both values in a line each: no secret in it, and what differs is not cut off. */
export function shownPair(
  kind: string,
  steps: readonly string[],
  before: ConfigurationValue | undefined,
  after: ConfigurationValue | undefined,
): ShownPair {
  // "1" and 1 would look the same.
  const text = scalarText(before);
  const isQuoted = text !== undefined && text === scalarText(after);
  const [left, right] = [before, after].map((value) =>
    value === undefined ? undefined : flow(masked(value, kind, steps), isQuoted),
  );
  const [one, other] = shortened(left, right);
  return {
    ...(one === undefined ? {} : { before: one }),
    ...(other === undefined ? {} : { after: other }),
  };
}

/** A long string that is neither words nor a path: a certificate, a digest, perhaps a key. */
const opaque = /^[A-Za-z0-9+/=_-]{40,}$/;

/** The same value without secrets and without strings of several lines. */
function masked(
  value: ConfigurationValue,
  kind: string,
  steps: readonly string[],
): ConfigurationValue {
  if (isSecretValue(kind, steps, value)) return hidden;
  if (Array.isArray(value)) {
    return value.map((item: ConfigurationValue, index) =>
      masked(item, kind, [...steps, `[${index}]`]),
    );
  }
  if (isMap(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, masked(part, kind, [...steps, key])]),
    );
  }
  if (typeof value !== "string") return value;
  const lines = value.trimEnd().split("\n").length;
  if (lines > 1) return `(${lines} lines)`;
  return opaque.test(value) ? `(${value.length} characters)` : value;
}

/** YAML's flow style: `{name: eth0, addresses: [10.0.0.1/24]}`, without braces at the top. */
function flow(value: ConfigurationValue, isQuoted: boolean, depth = 0): string {
  if (Array.isArray(value)) {
    return `[${value.map((item: ConfigurationValue) => flow(item, isQuoted, depth + 1)).join(", ")}]`;
  }
  if (isMap(value)) {
    const pairs = Object.entries(value).map(
      ([key, part]) => `${key}: ${flow(part, isQuoted, depth + 1)}`,
    );
    if (pairs.length === 0) return "(empty)";
    return depth === 0 ? pairs.join(", ") : `{${pairs.join(", ")}}`;
  }
  if (value === "" || (isQuoted && typeof value === "string")) return JSON.stringify(value);
  return scalarText(value) ?? "";
}

function scalarText(value: ConfigurationValue | undefined): string | undefined {
  return value === undefined || typeof value === "object" ? undefined : String(value);
}

/** Long strings from shortly before their first difference on. */
function shortened(
  before: string | undefined,
  after: string | undefined,
): readonly [string | undefined, string | undefined] {
  const isLong = [before, after].some((text) => (text ?? "").length > most);
  if (!isLong) return [before, after];
  const start =
    before === undefined || after === undefined ? 0 : Math.max(0, sharedLength(before, after) - 12);
  const cut = (text: string | undefined) => {
    if (text === undefined) return undefined;
    const rest = start < 4 ? text : `…${text.slice(start)}`;
    return rest.length <= most ? rest : `${rest.slice(0, most - 1)}…`;
  };
  return [cut(before), cut(after)];
}

function sharedLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length === one.length && length === other.length ? 0 : length;
}
