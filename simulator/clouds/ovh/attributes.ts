/** How an object's attributes enter the state: tags, and unset values. */
import type { SchemaBlock, Values } from "../../protocol/model";
import { isValues, isZero, stringsOf } from "../values";
import type { ApiObject } from "./objects";

export function hasAttribute(schema: SchemaBlock, name: string): boolean {
  return name in (schema.attributes ?? {}) || name in (schema.block_types ?? {});
}

/** Where there is an `all_tags`, `tags` holds the configured tags that the object has. */
export function shownTags(object: ApiObject, given: Values, schema: SchemaBlock): Values {
  if (!hasAttribute(schema, "all_tags")) return { tags: object.tags };
  return {
    all_tags: object.tags,
    tags: stringsOf(given.tags).filter((tag) => object.tags.includes(tag)),
  };
}

/** Tags that were added elsewhere stay. */
export function changedTags(object: ApiObject, planned: Values, prior: Values): string[] {
  const foreign = object.tags.filter((tag) => !stringsOf(prior.tags).includes(tag));
  return [...new Set([...foreign, ...stringsOf(planned.tags)])].sort();
}

/** Where nothing is configured and the API returns nothing, the state keeps null. */
export function keepingUnset(shown: Values, given: Values): Values {
  return Object.fromEntries(
    Object.entries(shown).map(([name, value]) => {
      const isEmpty = (Array.isArray(value) || isValues(value)) && isZero(value);
      return [name, given[name] === null && isEmpty ? null : value];
    }),
  );
}
