/** How an object's attributes come into the state: tags, and what nobody has set. */
import type { SchemaBlock, Values } from "../../protocol/model";
import { isValues, isZero, textsOf } from "../values";
import type { ApiObject } from "./objects";

export function hasAttribute(schema: SchemaBlock, name: string): boolean {
  return name in (schema.attributes ?? {}) || name in (schema.block_types ?? {});
}

/** Where there is an `all_tags`, `tags` holds those of the configuration that the object has. */
export function shownTags(object: ApiObject, given: Values, schema: SchemaBlock): Values {
  if (!hasAttribute(schema, "all_tags")) return { tags: object.tags };
  return {
    all_tags: object.tags,
    tags: textsOf(given.tags).filter((tag) => object.tags.includes(tag)),
  };
}

/** Tags that others have given it stay. */
export function changedTags(object: ApiObject, planned: Values, prior: Values): string[] {
  const foreign = object.tags.filter((tag) => !textsOf(prior.tags).includes(tag));
  return [...new Set([...foreign, ...textsOf(planned.tags)])].sort();
}

/** Where nothing was set and the API says nothing either, the state keeps null. */
export function keepingUnset(shown: Values, given: Values): Values {
  return Object.fromEntries(
    Object.entries(shown).map(([name, value]) => {
      const isEmpty = (Array.isArray(value) || isValues(value)) && isZero(value);
      return [name, given[name] === null && isEmpty ? null : value];
    }),
  );
}
