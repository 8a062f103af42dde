/** Reads and compares values in the form that the protocol carries. */
import { isUnknown, type Value, type Values } from "../protocol/model";

export function isValues(value: Value | undefined): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isUnknown(value);
}

/** A string that is set and known; undefined otherwise. The empty string counts as unset, as in SDKv2. */
export function stringOf(value: Value | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function numberOf(value: Value | undefined): number | undefined {
  if (typeof value === "bigint") return Number(value);
  // The wire carries numbers that a float cannot hold as strings.
  if (typeof value === "string" && value !== "" && Number.isFinite(Number(value)))
    return Number(value);
  return typeof value === "number" ? value : undefined;
}

/** Quotas without a limit. */
export function unlimited<T extends Readonly<Record<keyof T, number>>>(quotas: T): T {
  return Object.fromEntries(Object.keys(quotas).map((name) => [name, Infinity])) as T;
}

export function isTrue(value: Value | undefined): boolean {
  return value === true;
}

export function listOf(value: Value | undefined): Value[] {
  return Array.isArray(value) ? value : [];
}

/** The strings of a list, without those that are unset or unknown. */
export function stringsOf(value: Value | undefined): string[] {
  return listOf(value).flatMap((item) => stringOf(item) ?? []);
}

/** The blocks of one type, known ones only. */
export function blocksOf(value: Value | undefined): Values[] {
  return listOf(value).filter(isValues);
}

/** The first block of one type, of which there is one at most. */
export function blockOf(value: Value | undefined): Values | undefined {
  return blocksOf(value)[0];
}

/** The strings of a map. */
export function mapOf(value: Value | undefined): Record<string, string> {
  if (!isValues(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (typeof item === "string" ? [[key, item]] : [])),
  );
}

/** What SDKv2 treats as unset: null and the zero of each type. */
export function isZero(value: Value | undefined): boolean {
  if (value === null || value === undefined || value === "" || value === false) return true;
  if (typeof value === "number" || typeof value === "bigint") return Number(value) === 0;
  if (Array.isArray(value)) return value.length === 0;
  return isValues(value) && Object.keys(value).length === 0;
}

export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (isUnknown(a ?? null) || isUnknown(b ?? null)) return false;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  if (isValues(a) && isValues(b)) {
    const names = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...names].every((name) => sameValue(a[name], b[name]));
  }
  if (typeof a === "bigint" || typeof b === "bigint") return numberOf(a) === numberOf(b);
  return (a ?? null) === (b ?? null);
}

/** One occurrence of a dotted name: the object that holds the attribute, and its path. */
export interface Occurrence {
  readonly holder: Values;
  readonly attribute: string;
  readonly path: (string | number)[];
}

/** Every occurrence of a dotted name without indices, through lists of blocks: "acl.match.ip_subnet". */
export function occurrencesOf(root: Values, dotted: string): Occurrence[] {
  const steps = dotted.split(".");
  const attribute = steps.pop() ?? "";
  let holders: { holder: Values; path: (string | number)[] }[] = [{ holder: root, path: [] }];
  for (const step of steps) {
    holders = holders.flatMap(({ holder, path }) => {
      const inner = holder[step];
      if (isValues(inner)) return [{ holder: inner, path: [...path, step] }];
      return listOf(inner).flatMap((item, index) =>
        isValues(item) ? [{ holder: item, path: [...path, step, index] }] : [],
      );
    });
  }
  return holders.map(({ holder, path }) => ({ holder, attribute, path: [...path, attribute] }));
}

/** What is still unknown at the end of a call was never returned by the cloud: null. */
export function withoutUnknowns(value: Value): Value {
  if (isUnknown(value)) return null;
  if (Array.isArray(value)) return value.map(withoutUnknowns);
  if (isValues(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, withoutUnknowns(item)]),
    );
  return value;
}
