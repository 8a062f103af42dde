/**
 * Plans a resource as Terraform's Plugin Framework does: an update makes every computed attribute
 * unknown that is neither configured nor kept by UseStateForUnknown. Attributes inside an unchanged
 * block keep their values; SDKv2 keeps everything. A test compares it with a real provider's plans.
 */
import { UNKNOWN, type SchemaBlock, type Value, type Values } from "../protocol/model";
import { differ } from "../protocol/differences";

export interface FrameworkTable {
  /** Attributes with UseStateForUnknown. */
  readonly keeps?: readonly string[];
  /** Values planned where nothing is configured: known, so never marked as unknown. */
  readonly defaults?: Readonly<Record<string, Value>>;
}

/** Leaves a plan without changes as it is. */
export function planUnknowns(
  schema: SchemaBlock,
  { keeps = [], defaults = {} }: FrameworkTable,
  { prior, config, planned }: { prior: Values; config: Values; planned: Values },
): void {
  if (!differ(schema, prior, planned)) return;
  for (const [name, { computed }] of Object.entries(schema.attributes ?? {})) {
    const isSettled = keeps.includes(name) || defaults[name] !== undefined;
    if (computed && (config[name] ?? null) === null && !isSettled) planned[name] = UNKNOWN;
  }
}
