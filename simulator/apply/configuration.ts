import type { SchemaBlock, SchemaType, Value, Values } from "../protocol/model";
import { emptyOf, nestedIn, typeOfAttribute } from "../protocol/types";
import { isValues } from "../protocol/values";

/**
 * The configuration of an object as its provider receives it: every attribute is present, null when
 * unset, converted to its type; so is a block that may occur at most once.
 * @throws TypeError for a value that its type cannot hold
 */
export function configured(block: SchemaBlock, written: Values): Values {
  const values: Values = {};
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    values[name] = convert(typeOfAttribute(attribute), written[name] ?? null);
  }
  for (const [name, { nesting_mode: mode }] of Object.entries(block.block_types ?? {})) {
    const nested = nestedIn(block, name);
    const value = written[name] ?? null;
    if (nested === undefined) continue;
    const inner = (one: Value) => (isValues(one) ? configured(nested.block, one) : one);
    if (value === null) values[name] = emptyOf(mode, nested.block);
    else if (mode === "list" || mode === "set") values[name] = listOf(value).map(inner);
    else values[name] = inner(listOf(value)[0] ?? null);
  }
  return values;
}

function convert(type: SchemaType, value: Value): Value {
  if (value === null) return null;
  if (typeof type === "string") return primitive(type, value);
  switch (type[0]) {
    case "list":
      return listOf(value).map((item) => convert(type[1], item));
    case "set": {
      const items = listOf(value).map((item) => convert(type[1], item));
      return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
    }
    case "map":
      return mapValues(value, (item) => convert(type[1], item));
    case "object": {
      const given = isValues(value) ? value : {};
      const members = Object.entries(type[1]);
      return Object.fromEntries(
        members.map(([name, member]) => [name, convert(member, given[name] ?? null)]),
      );
    }
    case "tuple":
      return listOf(value).map((item, index) => convert(type[1][index] ?? "dynamic", item));
  }
}

function primitive(type: string, value: Value): Value {
  if (type === "string" && (typeof value === "number" || typeof value === "boolean")) {
    return String(value);
  }
  if (type === "number" && typeof value === "string") return Number(value);
  if (type === "bool" && typeof value === "string") return value === "true";
  const expected = { string: "string", number: "number", bool: "boolean" }[type];
  if (expected !== undefined && typeof value !== expected) {
    throw new TypeError(`Not a ${type}: ${JSON.stringify(value)}`);
  }
  return value;
}

function listOf(value: Value): Value[] {
  return Array.isArray(value) ? value : [value];
}

function mapValues(value: Value, map: (item: Value) => Value): Value {
  if (!isValues(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, map(item)]));
}
