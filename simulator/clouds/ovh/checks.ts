/**
 * What the OpenStack provider refuses without calling the cloud, in the messages and the order of
 * SDK 2.38: of one argument, only the first kind of problem is reported.
 */
import type { Diagnostic, Values } from "../../protocol/model";
import { isSet, shown, valueProblems, type Check } from "../checks";
import { isZero, listOf, numberOf, stringOf } from "../values";

export interface ResourceChecks {
  /** By dotted name. A list is checked element by element. */
  readonly values?: Readonly<Record<string, Check>>;
  /** Arguments that conflict with others. */
  readonly conflicts?: Readonly<Record<string, readonly string[]>>;
  /** Arguments that require all of the others. */
  readonly requires?: Readonly<Record<string, readonly string[]>>;
  readonly exactlyOne?: readonly string[];
  readonly atLeastOne?: readonly string[];
  /** Minimum and maximum number of elements of a list. */
  readonly maxItems?: Readonly<Record<string, number>>;
}

export function validateWith(checks: ResourceChecks, config: Values): Diagnostic[] {
  const kinds = [
    exactlyOneProblems(config, checks.exactlyOne ?? []),
    atLeastOneProblems(config, checks.atLeastOne ?? []),
    each(checks.requires, (name, others) => requiredProblems(config, name, others)),
    each(checks.conflicts, (name, others) => conflictProblems(config, name, others)),
    each(checks.maxItems, (name, limit) => lengthProblems(config, name, limit)),
    each(checks.values, (name, check) => valueProblems(config, name, check)),
  ];
  const reported = new Set<string | number | undefined>();
  return kinds.flatMap((problems) => {
    const unreported = problems.filter(({ path }) => !reported.has(path?.[0]));
    for (const { path } of unreported) reported.add(path?.[0]);
    return unreported;
  });
}

function each<T>(
  table: Readonly<Record<string, T>> | undefined,
  problems: (name: string, item: T) => Diagnostic[],
): Diagnostic[] {
  return Object.entries(table ?? {}).flatMap(([name, item]) => problems(name, item));
}

function problem(name: string, summary: string, detail: string): Diagnostic {
  return { severity: "error", summary, detail, path: [name] };
}

function quoted(names: readonly string[]): string {
  return `\`${[...names].sort().join()}\``;
}

function exactlyOneProblems(config: Values, names: readonly string[]): Diagnostic[] {
  const set = names.filter((name) => isSet(config, name));
  if (names.length === 0 || set.length === 1) return [];
  const text =
    set.length === 0
      ? `one of ${quoted(names)} must be specified`
      : `only one of ${quoted(names)} can be specified, but ${quoted(set)} were specified.`;
  return names.map((name) =>
    problem(name, "Invalid combination of arguments", `"${name}": ${text}`),
  );
}

function atLeastOneProblems(config: Values, names: readonly string[]): Diagnostic[] {
  if (names.length === 0 || names.some((name) => isSet(config, name))) return [];
  const text = `one of ${quoted(names)} must be specified`;
  return names.map((name) => problem(name, "Missing required argument", `"${name}": ${text}`));
}

function requiredProblems(config: Values, name: string, others: readonly string[]): Diagnostic[] {
  if (!isSet(config, name) || others.every((other) => isSet(config, other))) return [];
  const text = `all of ${quoted([name, ...others])} must be specified`;
  return [problem(name, "Missing required argument", `"${name}": ${text}`)];
}

function conflictProblems(config: Values, name: string, others: readonly string[]): Diagnostic[] {
  const other = others.find((one) => isSet(config, one));
  if (!isSet(config, name) || other === undefined) return [];
  const summary = "Conflicting configuration arguments";
  return [problem(name, summary, `"${name}": conflicts with ${other}`)];
}

function lengthProblems(config: Values, name: string, limit: number): Diagnostic[] {
  const { length } = listOf(config[name]);
  if (length <= limit) return [];
  const detail = `Attribute ${name} supports ${limit} item maximum, but config has ${length} declared.`;
  return [problem(name, "Too many list items", detail)];
}

export function oneOf(...allowed: (string | number)[]): Check {
  const isText = allowed.every((item) => typeof item === "string");
  const list = allowed.map((item) => (isText ? `"${item}"` : String(item))).join(" ");
  return (value, name) =>
    allowed.some((item) => item === (isText ? value : numberOf(value)))
      ? undefined
      : { summary: `expected ${name} to be one of [${list}], got ${shown(value)}` };
}

export function atLeast(minimum: number): Check {
  return (value, name) =>
    (numberOf(value) ?? NaN) >= minimum
      ? undefined
      : { summary: `expected ${name} to be at least (${minimum}), got ${shown(value)}` };
}

export const uuid: Check = (value, name) =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(stringOf(value) ?? "")
    ? undefined
    : { summary: `expected "${name}" to be a valid UUID, got ${shown(value)}` };

/** A domain is empty or ends in a dot. */
export const domainName: Check = (value, name) =>
  isZero(value) || (stringOf(value) ?? "").endsWith(".")
    ? undefined
    : {
        summary: `invalid value for ${name} (fully-qualified (unambiguous) DNS domain names must have a dot at the end)`,
      };
