/**
 * The plan of a resource as Terraform's Plugin Framework makes it: an update makes every computed
 * attribute unknown that is neither configured nor kept on purpose (UseStateForUnknown). What stands
 * inside an unchanged block stays; SDKv2 keeps everything. Held against a real provider's by a test.
 */
import { UNKNOWN, type SchemaBlock, type Value, type Values } from "../protocol/model";
import { differ } from "../protocol/differences";

export interface FrameworkTable {
  /** Attributes with UseStateForUnknown. */
  readonly keeps?: readonly string[];
  /** Planned where nothing is configured: known, hence never made unknown. */
  readonly defaults?: Readonly<Record<string, Value>>;
}

/** Does nothing to a plan that changes nothing. */
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
