/** What the provider refuses without calling the cloud, in the messages of its SDK's validators. */
import {
  isUnknown,
  type Diagnostic,
  type Path,
  type Value,
  type Values,
} from "../../protocol/model";

function problem(summary: string, detail: string | undefined, path: Path): Diagnostic {
  return { severity: "error", summary, detail, path };
}

function isSet(value: Value | undefined): boolean {
  return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
}

/** The Framework's LengthAtMost; Go counts bytes. */
export function lengthAtMost(config: Values, name: string, maximum: number): Diagnostic[] {
  const value = config[name];
  const length = typeof value === "string" ? Buffer.byteLength(value) : 0;
  if (length <= maximum) return [];
  const detail = `Attribute ${name} string length must be at most ${maximum}, got: ${length}`;
  return [problem("Invalid Attribute Value Length", detail, [name])];
}

/** The Framework's OneOf. */
export function oneOf(config: Values, name: string, allowed: readonly string[]): Diagnostic[] {
  const value = config[name];
  if (typeof value !== "string" || allowed.includes(value)) return [];
  const list = allowed.map((item) => `"${item}"`).join(" ");
  const detail = `Attribute ${name} value must be one of: [${list}], got: "${value}"`;
  return [problem("Invalid Attribute Value Match", detail, [name])];
}

/** The Framework's ConflictsWith, reported for each attribute that is set beside another. */
export function conflictsWith(
  config: Values,
  name: string,
  others: readonly string[],
): Diagnostic[] {
  if (!isSet(config[name])) return [];
  return others
    .filter((other) => isSet(config[other]))
    .map((other) =>
      problem(
        "Invalid Attribute Combination",
        `Attribute "${other}" cannot be specified when "${name}" is specified`,
        [name],
      ),
    );
}

/** The Framework's AlsoRequires. */
export function alsoRequires(config: Values, name: string, other: string, at: Path): Diagnostic[] {
  if (!isSet(config[name]) || isUnknown(config[name] ?? null) || isSet(config[other])) return [];
  const label = (attribute: string) => [...at, attribute].join(".");
  const detail = `Attribute "${label(other)}" must be specified when "${label(name)}" is specified`;
  return [problem("Invalid Attribute Combination", detail, [...at, name])];
}

/** The Framework's Conflicting of a whole configuration. */
export function notTogether(config: Values, names: readonly string[]): Diagnostic[] {
  if (names.filter((name) => isSet(config[name])).length < 2) return [];
  const detail = `These attributes cannot be configured together: [${names.join(",")}]`;
  return [problem("Invalid Attribute Combination", detail, [names[0] ?? ""])];
}

/** A check of the whole configuration. */
export function wrongConfiguration(detail: string, summary: string): Diagnostic {
  return { severity: "error", summary, detail };
}

/** The provider's own check of numbers on SDKv2. */
export function included(
  value: Value | undefined,
  name: string,
  minimum: number,
  maximum: number,
  path: Path,
  words = "included",
): Diagnostic[] {
  if (value === null || value === undefined || isUnknown(value)) return [];
  const number = Number(value);
  if (number >= minimum && number <= maximum) return [];
  const summary = `"${name}" must be between ${minimum} and ${maximum} ${words}, got: ${number}`;
  return [problem(summary, undefined, path)];
}

/** SDKv2's StringInSlice. */
export function stringInSlice(
  config: Values,
  name: string,
  allowed: readonly string[],
): Diagnostic[] {
  const value = config[name];
  if (typeof value !== "string" || allowed.includes(value)) return [];
  const list = allowed.map((item) => `"${item}"`).join(" ");
  return [problem(`expected ${name} to be one of [${list}], got ${value}`, undefined, [name])];
}
