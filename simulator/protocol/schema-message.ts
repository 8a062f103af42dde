import type { NestingMode, ProviderModel, SchemaAttribute, SchemaBlock } from "./model";

/** The answer to GetProviderSchema: the pinned schema in the protocol's messages. */
export function schemaMessage(provider: ProviderModel): object {
  const { schema } = provider;
  return {
    provider: versioned(schema.provider),
    resource_schemas: mapValues(schema.resource_schemas ?? {}, versioned),
    data_source_schemas: mapValues(schema.data_source_schemas ?? {}, versioned),
    server_capabilities: {
      // Providers on SDKv2 are not called for deletions; those on the Framework are, wholly or in
      // part.
      plan_destroy:
        !provider.legacyTypeSystem ||
        Object.values(provider.resources).some(
          ({ legacyTypeSystem }) => legacyTypeSystem === false,
        ),
      get_provider_schema_optional: true,
    },
  };
}

function versioned(schema: { version: number; block: SchemaBlock }) {
  return { version: schema.version, block: blockMessage(schema.block) };
}

function blockMessage(block: SchemaBlock): object {
  return {
    attributes: attributeMessages(block.attributes),
    block_types: Object.entries(block.block_types ?? {}).map(([name, nested]) => ({
      type_name: name,
      block: blockMessage(nested.block),
      nesting: nesting(nested.nesting_mode),
      min_items: nested.min_items,
      max_items: nested.max_items,
    })),
    deprecated: block.deprecated,
  };
}

function attributeMessages(attributes: Record<string, SchemaAttribute> = {}): object[] {
  return Object.entries(attributes).map(([name, { type, nested_type: nested, ...flags }]) => ({
    ...flags,
    name,
    ...(type !== undefined && { type: Buffer.from(JSON.stringify(type)) }),
    ...(nested && {
      nested_type: {
        attributes: attributeMessages(nested.attributes),
        nesting: nesting(nested.nesting_mode),
      },
    }),
  }));
}

function nesting(mode: NestingMode): string {
  return mode.toUpperCase();
}

function mapValues<T, R>(object: Record<string, T>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));
}
