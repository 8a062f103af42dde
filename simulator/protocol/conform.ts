import {
  isUnknown,
  type NestingMode,
  type SchemaAttribute,
  type SchemaBlock,
  type Value,
  type Values,
} from "./model";
import { emptyBlock, emptyOf, nestedIn } from "./types";
import { isValues } from "./values";

/**
 * A model's answer in the form that tofu accepts: write-only attributes null, and an absent block
 * in its empty form.
 */
export function conform(block: SchemaBlock, values: Values): Values {
  const result: Values = { ...values };
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    if (attribute.write_only) result[name] = null;
    else visit(result, name, attribute);
  }
  for (const [name, { nesting_mode: mode, block: inner }] of Object.entries(
    block.block_types ?? {},
  )) {
    if (result[name] === null) result[name] = emptyOf(mode, inner);
    visit(result, name);
  }
  return result;

  function visit(parent: Values, name: string, attribute?: SchemaAttribute): void {
    const nested = nestedIn(block, name);
    const value = parent[name];
    if (!nested || value === undefined || (attribute && !attribute.nested_type)) return;
    parent[name] = mapNested(nested.mode, value, (element) => conform(nested.block, element));
  }
}

/** A state from some known values: everything else is null. */
export function completed(block: SchemaBlock, values: Values): Values {
  const known = Object.entries(values).map(([name, value]) => [name, withoutUnknown(value)]);
  return { ...emptyBlock(block), ...(Object.fromEntries(known) as Values) };
}

/** The path of a value that is still unknown, or undefined. */
export function unknownIn(value: Value, at = ""): string | undefined {
  if (isUnknown(value)) return at;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, child] of Object.entries(value)) {
    const step = Array.isArray(value) ? `[${name}]` : at === "" ? name : `.${name}`;
    const found = unknownIn(child, at + step);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Maps every object inside a nested block or attribute. */
export function mapNested(
  mode: NestingMode,
  value: Value,
  map: (element: Values, key: string | number) => Value,
): Value {
  if (mode === "single" || mode === "group") return isValues(value) ? map(value, "") : value;
  if (Array.isArray(value)) {
    return value.map((element, index) => (isValues(element) ? map(element, index) : element));
  }
  if (!isValues(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, element]) => [
      key,
      isValues(element) ? map(element, key) : element,
    ]),
  );
}

function withoutUnknown(value: Value): Value {
  if (isUnknown(value)) return null;
  if (Array.isArray(value)) return value.map(withoutUnknown);
  if (!isValues(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, withoutUnknown(child)]),
  );
}
