/**
 * What a provider on SDKv2 refuses without calling the cloud (`tofu validate`), in the SDK's
 * messages. Unknown values pass.
 */
import { isIP } from "node:net";
import { isUnknown, type Diagnostic, type Value, type Values } from "../protocol/model";
import { parseSubnet, toCidr } from "./addresses";
import { parseDuration } from "./durations";
import { isZero, numberOf, occurrencesOf, stringOf } from "./values";

/** @returns The error message, or undefined. `name` is the attribute's, with the indices of its blocks. */
export type Check = (value: Value, name: string) => Problem | undefined;

type Problem = Pick<Diagnostic, "summary" | "detail">;

export interface Checks {
  /** By dotted name. A list is checked element by element. */
  readonly values?: Readonly<Record<string, Check>>;
  /** Arguments of which at most one may be set. */
  readonly conflicts?: readonly (readonly [string, string])[];
  /** Arguments of which exactly one must be set. */
  readonly exactlyOne?: readonly string[];
}

export function valueProblems(config: Values, dotted: string, check: Check): Diagnostic[] {
  return occurrencesOf(config, dotted).flatMap(({ holder, attribute, path }) => {
    const value = holder[attribute] ?? null;
    const items = Array.isArray(value)
      ? value.map((item, index) => ({ item, at: [...path, index] }))
      : [{ item: value, at: path }];
    return items.flatMap(({ item, at }) => {
      const problem = item === null || isUnknown(item) ? undefined : check(item, at.join("."));
      return problem ? [{ severity: "error" as const, ...problem, path: at }] : [];
    });
  });
}

export function conflictProblems(config: Values, [a, b]: readonly [string, string]): Diagnostic[] {
  if (!isSet(config, a) || !isSet(config, b)) return [];
  return [
    [a, b],
    [b, a],
  ].map(([one, other]) => ({
    severity: "error",
    summary: "Conflicting configuration arguments",
    detail: `"${one}": conflicts with ${other}`,
    path: [one ?? ""],
  }));
}

export function exactlyOneProblems(config: Values, names: readonly string[]): Diagnostic[] {
  if (names.length === 0) return [];
  const all = `\`${names.join(",")}\``;
  const set = names.filter((name) => isSet(config, name));
  if (set.length === 1) return [];
  const text =
    set.length === 0
      ? `one of ${all} must be specified`
      : `only one of ${all} can be specified, but \`${set.join(",")}\` were specified.`;
  return [
    {
      severity: "error",
      summary: "Invalid combination of arguments",
      detail: `"${names[0]}": ${text}`,
      path: [names[0] ?? ""],
    },
  ];
}

/** Set to any value, unknown included: SDKv2 looks at the raw configuration. */
export function isSet(config: Values, dotted: string): boolean {
  return occurrencesOf(config, dotted.replace(/\.\d+/g, "")).some(({ holder, attribute }) => {
    const value = holder[attribute] ?? null;
    return isUnknown(value) || (!isZero(value) && value !== null);
  });
}

export function oneOf(...allowed: string[]): Check {
  return (value, name) => {
    const last = name.split(".").findLast((step) => !/^\d+$/.test(step));
    return allowed.some((item) => item === value)
      ? undefined
      : {
          summary: `expected ${last} to be one of [${allowed.map((item) => `"${item}"`).join(" ")}], got ${shown(value)}`,
        };
  };
}

export function between(minimum: number, maximum: number): Check {
  return (value, name) => {
    const number = numberOf(value) ?? NaN;
    return number >= minimum && number <= maximum
      ? undefined
      : { summary: `expected ${name} to be in the range (${minimum} - ${maximum}), got ${number}` };
  };
}

/** Go counts bytes. */
export function lengthBetween(minimum: number, maximum: number): Check {
  return (value, name) => {
    const length = Buffer.byteLength(stringOf(value) ?? "");
    return length >= minimum && length <= maximum
      ? undefined
      : {
          summary: `expected length of ${name} to be in the range (${minimum} - ${maximum}), got ${shown(value)}`,
        };
  };
}

export const ipAddress: Check = (value, name) =>
  isIP(stringOf(value) ?? "") === 0
    ? { summary: `expected ${name} to contain a valid IP, got: ${shown(value)}` }
    : undefined;

/** A network in CIDR notation: host bits are refused, and so is an address without a prefix length. */
export const cidrNetwork: Check = (value, name) => {
  const text = stringOf(value) ?? "";
  if (isIP(text.split("/")[0] ?? "") === 6) return undefined;
  const subnet = parseSubnet(text);
  if (subnet === undefined)
    return {
      summary: `expected ${name} to contain a valid Value, got: ${text} with err: invalid CIDR address: ${text}`,
    };
  return toCidr(subnet) === text
    ? undefined
    : {
        summary: `expected ${name} to contain a valid network Value, expected ${toCidr(subnet)}, got ${text}`,
      };
};

export const duration: Check = (value) =>
  parseDuration(stringOf(value) ?? "") === undefined
    ? { summary: "invalid input, expected a valid duration" }
    : undefined;

export function shown(value: Value): string {
  return typeof value === "string" ? value : String(numberOf(value) ?? value === true);
}
