import type { ProviderSchema, Values } from "../protocol/model";

/** An element of a data source's list with every attribute of its schema, all null. */
export function emptyPart(schema: ProviderSchema, type: string, attribute: string): Values {
  const shape = schema.data_source_schemas?.[type]?.block.attributes?.[attribute]?.type;
  const [, [, parts = {}] = []] = (shape ?? []) as [string, [string, Record<string, unknown>]?];
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, Array.isArray(part) ? [] : null]),
  );
}
