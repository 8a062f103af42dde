import type { NestingMode, SchemaAttribute, SchemaBlock, SchemaType, Values } from "./model";

export type ObjectType = ["object", Record<string, SchemaType>];

/** A child with attributes of its own: a block, or an attribute with a nested type. */
export interface Nested {
  readonly mode: NestingMode;
  readonly block: SchemaBlock;
  /** Undefined for a block. */
  readonly attribute?: SchemaAttribute;
}

/** The object type of a block's values: every attribute and every block in it. */
export function typeOfBlock(block: SchemaBlock): ObjectType {
  const attributes = Object.entries(block.attributes ?? {}).map(
    ([name, attribute]) => [name, typeOfAttribute(attribute)] as const,
  );
  const blocks = Object.entries(block.block_types ?? {}).map(
    ([name, nested]) => [name, nest(nested.nesting_mode, typeOfBlock(nested.block))] as const,
  );
  return ["object", Object.fromEntries([...attributes, ...blocks])];
}

export function typeOfAttribute(attribute: SchemaAttribute): SchemaType {
  if (attribute.type !== undefined) return attribute.type;
  const nested = attribute.nested_type;
  if (nested === undefined) throw new Error("The schema has an attribute without a type");
  return nest(nested.nesting_mode, typeOfBlock({ attributes: nested.attributes }));
}

/** The type of the attribute or block `name`. */
export function typeOfChild(block: SchemaBlock, name: string): SchemaType {
  const type = typeOfBlock(block)[1][name];
  if (type === undefined) throw new Error(`The schema has no ${name}`);
  return type;
}

/** The child of that name, if it has children of its own. */
export function nestedIn(block: SchemaBlock, name: string): Nested | undefined {
  const blockType = block.block_types?.[name];
  if (blockType) return { mode: blockType.nesting_mode, block: blockType.block };
  const attribute = block.attributes?.[name];
  if (!attribute?.nested_type) return undefined;
  const { nesting_mode: mode, attributes } = attribute.nested_type;
  return { mode, block: { attributes }, attribute };
}

/** A block in which nothing is set. */
export function emptyBlock(block: SchemaBlock): Values {
  const empty: Values = {};
  for (const name of Object.keys(block.attributes ?? {})) empty[name] = null;
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    empty[name] = emptyOf(nested.nesting_mode, nested.block);
  }
  return empty;
}

/** The value of an absent block. */
export function emptyOf(mode: NestingMode, block: SchemaBlock) {
  switch (mode) {
    case "list":
    case "set":
      return [];
    case "map":
      return {};
    case "group":
      return emptyBlock(block);
    case "single":
      return null;
  }
}

function nest(mode: NestingMode, object: ObjectType): SchemaType {
  return mode === "single" || mode === "group" ? object : [mode, object];
}
