import {
  isUnknown,
  type Path,
  type SchemaBlock,
  type SchemaType,
  type Value,
  type Values,
} from "./model";
import { mapNested } from "./conform";
import { nestedIn, typeOfBlock, typeOfChild, type Nested } from "./types";
import { canonical, equal, isValues } from "./values";

/**
 * The exact paths below a dotted name (no indices) at which two objects differ, with list indices
 * and map keys. A set is reported as a whole, and so is a list for elements that only one side has.
 */
export function differences(
  block: SchemaBlock,
  dotted: string,
  prior: Values,
  planned: Values,
): Path[] {
  return between(block, dotted.split("."), prior, planned, []);
}

function between(
  block: SchemaBlock,
  [name = "", ...rest]: string[],
  prior: Values,
  planned: Values,
  at: Path,
): Path[] {
  const here = [...at, name];
  const before = prior[name] ?? null;
  const after = planned[name] ?? null;
  if (equal(typeOfChild(block, name), before, after)) return [];
  const nested = nestedIn(block, name);
  if (rest.length === 0 || !nested) return [here];
  const descend = (one: Value | undefined, other: Value | undefined, path: Path) =>
    isValues(one) && isValues(other) ? between(nested.block, rest, one, other, path) : [path];

  switch (nested.mode) {
    case "single":
    case "group":
      return descend(before, after, here);
    case "set":
      return projection(nested, rest, before) === projection(nested, rest, after) ? [] : [here];
    case "list": {
      if (!Array.isArray(before) || !Array.isArray(after)) return [here];
      const common = Math.min(before.length, after.length);
      const inside = Array.from({ length: common }, (_, index) =>
        descend(before[index], after[index], [...here, index]),
      ).flat();
      return before.length === after.length ? inside : [...inside, here];
    }
    case "map": {
      if (!isValues(before) || !isValues(after)) return [here];
      const keys = Object.keys(before);
      const same = keys.length === Object.keys(after).length && keys.every((key) => key in after);
      if (!same) return [here];
      return keys.flatMap((key) => descend(before[key], after[key], [...here, key]));
    }
  }
}

/** The values of a set's elements at a dotted name, as one comparable string. */
function projection(nested: Nested, names: string[], value: Value): string {
  if (!Array.isArray(value)) return isUnknown(value) ? "unknown" : "";
  return value
    .map((element) => (isValues(element) ? leaves(nested.block, names, element) : "unknown"))
    .sort()
    .join();
}

function leaves(block: SchemaBlock, [name = "", ...rest]: string[], values: Values): string {
  const nested = nestedIn(block, name);
  const value = values[name] ?? null;
  if (rest.length === 0 || !nested) return canonical(typeOfChild(block, name), value);
  const found: string[] = [];
  mapNested(nested.mode, value, (element) => {
    found.push(leaves(nested.block, rest, element));
    return element;
  });
  return `[${found.join()}]`;
}

/** Whether anything at all differs. */
export function differ(block: SchemaBlock, prior: Values, planned: Values): boolean {
  const type: SchemaType = typeOfBlock(block);
  return !equal(type, prior, planned);
}
