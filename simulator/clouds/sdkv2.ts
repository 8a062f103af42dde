/**
 * Plans a resource as Terraform's SDKv2 does: which differences it suppresses, and what it plans as
 * unknown. A test compares it with the plans of a real provider.
 */
import {
  UNKNOWN,
  isUnknown,
  type PlannedChange,
  type SchemaBlock,
  type Value,
  type Values,
} from "../protocol/model";
import { differ } from "../protocol/differences";
import { isValues, isZero, listOf, occurrencesOf, sameValue, stringOf } from "./values";

/** Whether two different strings are the same to the provider, which then plans no change. */
export type Equality = (prior: Value, planned: Value) => boolean;

export function planComputedBlocks(
  { prior, planned, config }: PlannedChange,
  blocks: readonly string[],
) {
  for (const block of blocks) {
    const configured = config[block] ?? null;
    if (isUnknown(configured) || listOf(configured).length > 0) continue;
    planned[block] = prior === null ? UNKNOWN : (prior[block] ?? []);
  }
}

/** SDKv2 treats null and zero as equal, and calls the resource for other differences. */
export function suppressDifferences(
  { prior, planned }: PlannedChange,
  schema: SchemaBlock,
  equal: Readonly<Record<string, Equality>>,
) {
  if (prior === null) return;
  keepZeros(planned, prior, schema);
  for (const [dotted, same] of Object.entries(equal)) {
    const priors = occurrencesOf(prior, dotted);
    for (const [index, place] of occurrencesOf(planned, dotted).entries()) {
      const before = priors[index]?.holder[place.attribute] ?? null;
      const after = place.holder[place.attribute] ?? null;
      if (before === null || isZero(after) || isUnknown(after) || sameValue(before, after))
        continue;
      if (same(before, after)) place.holder[place.attribute] = before;
    }
  }
}

function keepZeros(planned: Values, prior: Values, schema: SchemaBlock) {
  for (const [name, attribute] of Object.entries(schema.attributes ?? {}))
    if (!attribute.computed && isZero(planned[name]) && isZero(prior[name]))
      planned[name] = prior[name] ?? null;
  for (const [name, { block }] of Object.entries(schema.block_types ?? {})) {
    const before = listOf(prior[name]);
    for (const [index, item] of listOf(planned[name]).entries()) {
      const was = before[index];
      if (isValues(item) && isValues(was)) keepZeros(item, was, block);
    }
  }
}

/** A change of `timeouts` alone is no change: it enters the state with the next other one. */
export function suppressTimeouts({ prior, planned }: PlannedChange, schema: SchemaBlock): void {
  if (prior === null || !("timeouts" in planned)) return;
  const timeouts = prior.timeouts ?? null;
  if (!differ(schema, prior, { ...planned, timeouts })) planned.timeouts = timeouts;
}

export const sameIgnoringCase: Equality = (a, b) =>
  stringOf(a)?.toLowerCase() === stringOf(b)?.toLowerCase();

/**
 * SDKv2 plans a list, set or map with one unknown element as wholly unknown. Where the difference
 * of a new one is suppressed, a single unknown element stays, and more elements become null (seen
 * with `ip_subnet` and `ip_ids`).
 */
export function planUnknownCollections(
  { prior, planned }: PlannedChange,
  schema: SchemaBlock,
  suppressed: readonly string[],
): void {
  visit(schema, planned, "");

  function visit(block: SchemaBlock, values: Values, prefix: string): void {
    for (const [name, { type }] of Object.entries(block.attributes ?? {})) {
      const value = values[name] ?? null;
      if (!Array.isArray(type) || !hasUnknownElement(value)) continue;
      if (prior !== null || !suppressed.includes(prefix + name)) values[name] = UNKNOWN;
      else if (listOf(value).length > 1) values[name] = null;
    }
    for (const [name, { block: inner }] of Object.entries(block.block_types ?? {}))
      for (const item of listOf(values[name]))
        if (isValues(item)) visit(inner, item, `${prefix}${name}.`);
  }
}

function hasUnknownElement(value: Value): boolean {
  if (Array.isArray(value)) return value.some(isUnknown);
  return isValues(value) && Object.values(value).some(isUnknown);
}
