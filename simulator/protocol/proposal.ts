import {
  UNKNOWN,
  type ResourceModel,
  type SchemaAttribute,
  type SchemaBlock,
  type Value,
  type Values,
} from "./model";
import { mapNested } from "./conform";
import { nestedIn, typeOfAttribute, typeOfChild, type Nested } from "./types";
import { clone, equal, isEmpty, isValues } from "./values";

type Table = Pick<ResourceModel, "defaults" | "computedBlocks">;

/** An object or block as tofu passes it; each null where there is none. */
interface Views {
  readonly prior: Values | null;
  readonly config: Values | null;
  readonly proposed: Values;
}

/**
 * The plan that follows from the schema alone: tofu's own proposal, with defaults where nothing is
 * configured; computed values are unknown for a new object or element, and kept otherwise.
 */
export function propose(block: SchemaBlock, table: Table, views: Views): Values {
  return complete(block, "", views);

  function complete(block: SchemaBlock, prefix: string, views: Views): Values {
    const planned: Values = {};
    for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
      planned[name] = attributeValue(block, prefix, name, attribute, views);
    }
    for (const name of Object.keys(block.block_types ?? {})) {
      planned[name] = blockValue(block, prefix + name, name, views);
    }
    return planned;
  }

  function attributeValue(
    block: SchemaBlock,
    prefix: string,
    name: string,
    attribute: SchemaAttribute,
    { prior, config, proposed }: Views,
  ): Value {
    if (attribute.write_only) return null;
    const value = proposed[name] ?? null;
    const configured = config?.[name] ?? null;
    const byDefault = table.defaults?.[prefix + name];
    if (configured === null && byDefault !== undefined) return clone(byDefault);
    if (value === null) {
      if (!attribute.computed || configured !== null) return null;
      return prior ? clone(prior[name] ?? null) : UNKNOWN;
    }
    const nested = nestedIn(block, name);
    if (!nested) return clone(value);
    return nestedValue(nested, prefix + name, value, prior?.[name], configured);
  }

  function blockValue(
    block: SchemaBlock,
    path: string,
    name: string,
    { prior, config, proposed }: Views,
  ): Value {
    const nested = nestedIn(block, name);
    const value = proposed[name] ?? null;
    if (!nested) return value;
    const before = prior?.[name] ?? null;
    if (table.computedBlocks?.includes(path) && isEmpty(value) && isEmpty(config?.[name])) {
      return isEmpty(before) ? value : clone(before);
    }
    return nestedValue(nested, path, value, before, config?.[name] ?? null);
  }

  function nestedValue(
    { mode, block }: Nested,
    path: string,
    value: Value,
    before: Value | undefined,
    configured: Value,
  ): Value {
    return mapNested(mode, value, (element, key) => {
      const prefix = `${path}.`;
      if (mode === "set") {
        // An element has no name: its own nulls say what is not configured, and it is an old one if
        // a prior element agrees in everything else.
        const old = Array.isArray(before) ? before.filter(isValues) : [];
        const prior = old.find((candidate) => agrees(block, prefix, element, candidate)) ?? null;
        return complete(block, prefix, { prior, config: element, proposed: element });
      }
      return complete(block, prefix, {
        prior: elementAt(before, key),
        config: elementAt(configured, key),
        proposed: element,
      });
    });
  }

  function agrees(block: SchemaBlock, prefix: string, element: Values, old: Values): boolean {
    const attributes = Object.entries(block.attributes ?? {}).every(([name, attribute]) => {
      const value = element[name] ?? table.defaults?.[prefix + name] ?? null;
      if (attribute.write_only || (attribute.computed && value === null)) return true;
      return equal(typeOfAttribute(attribute), value, old[name] ?? null);
    });
    return (
      attributes &&
      Object.keys(block.block_types ?? {}).every((name) =>
        equal(typeOfChild(block, name), element[name] ?? null, old[name] ?? null),
      )
    );
  }
}

/** The element under a key; the object itself where there is only one. */
function elementAt(value: Value | undefined, key: string | number): Values | null {
  const container: Value | undefined = value;
  if (key === "") return isValues(container) ? container : null;
  const element = Array.isArray(container)
    ? container[Number(key)]
    : isValues(container)
      ? container[key]
      : null;
  return isValues(element) ? element : null;
}
