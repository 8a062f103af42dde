import {
  isUnknown,
  Refusal,
  UNKNOWN,
  type ProviderModel,
  type ResourceModel,
  type SchemaBlock,
  type Value,
  type Values,
} from "../../protocol/model";

const STRING = { type: "string" } as const;
const NUMBER = { type: "number" } as const;

const thing: SchemaBlock = {
  attributes: {
    id: { ...STRING, computed: true },
    name: { ...STRING, required: true },
    zone: { ...STRING, optional: true },
    /** Planned as 10 where it is not set. */
    size: { ...NUMBER, optional: true, computed: true },
    ratio: { ...NUMBER, optional: true },
    big: { ...NUMBER, optional: true },
    note: { ...STRING, optional: true, computed: true },
    /** A new value after every rename. */
    address: { ...STRING, computed: true },
    secret: { ...STRING, optional: true, sensitive: true },
    password: { ...STRING, optional: true, write_only: true },
    password_version: { ...NUMBER, optional: true },
    tags: { type: ["set", "string"], optional: true },
    labels: { type: ["map", "string"], optional: true },
    anything: { type: "dynamic", optional: true },
    endpoint: {
      optional: true,
      nested_type: {
        nesting_mode: "single",
        attributes: { host: { ...STRING, optional: true }, port: { ...NUMBER, computed: true } },
      },
    },
  },
  block_types: {
    disk: {
      nesting_mode: "list",
      block: {
        attributes: {
          id: { ...STRING, computed: true },
          kind: { ...STRING, required: true },
          label: { ...STRING, optional: true, computed: true },
        },
      },
    },
    rule: {
      nesting_mode: "set",
      block: {
        attributes: {
          id: { ...STRING, computed: true },
          /** The cloud never has one. */
          hint: { ...STRING, computed: true },
          port: { ...NUMBER, required: true },
        },
      },
    },
    timeouts: {
      nesting_mode: "single",
      block: { attributes: { create: { ...STRING, optional: true } } },
    },
  },
};

const net: SchemaBlock = {
  attributes: {
    id: { ...STRING, computed: true, optional: true },
    name: { ...STRING, required: true },
    link: { ...STRING, computed: true },
    /** Planned as "nat" where it is not set, though not computed: only SDKv2 may do so. */
    mode: { ...STRING, optional: true },
  },
  block_types: {
    subnet: {
      nesting_mode: "set",
      block: { attributes: { range: { ...STRING, optional: true, computed: true } } },
    },
  },
};

/** Objects by id, as a cloud without waiting times would keep them. */
export class ExampleCloud {
  readonly objects = new Map<string, Values>();
  /** The write-only passwords that reached it. */
  readonly passwords: Value[] = [];
  private count = 0;

  next(prefix: string): string {
    return `${prefix}-${++this.count}`;
  }

  get only(): Values {
    const [first, ...more] = this.objects.values();
    if (!first || more.length > 0) throw new Error(`${this.objects.size} objects`);
    return first;
  }
}

/** A provider of which tofu reports every inconsistency. */
export function strictProvider(
  cloud: ExampleCloud,
  overrides: Partial<ResourceModel> = {},
): ProviderModel {
  const put = (state: Values) => {
    cloud.objects.set(textOf(state.id), state);
    return state;
  };
  const model: ResourceModel = {
    replacedBy: ["zone", "disk.kind"],
    defaults: { size: 10, "disk.label": "plain" },
    stale: { name: ["address"] },
    validate: ({ size }) =>
      typeof size === "number" && size > 100
        ? [{ severity: "error", summary: "Too large", detail: "100 at most.", path: ["size"] }]
        : [],
    create(planned, context) {
      cloud.passwords.push(context.config.password ?? null);
      return put(filled({ ...planned, id: cloud.next("thing") }, cloud));
    },
    read: ({ id }) => cloud.objects.get(textOf(id)) ?? null,
    update(prior, planned, context) {
      if (planned.name === "forbidden") throw new Refusal("403 Forbidden", "No such name here.");
      cloud.passwords.push(context.config.password ?? null);
      return put(filled({ ...planned, id: prior.id ?? null }, cloud));
    },
    delete: ({ id }) => void cloud.objects.delete(textOf(id)),
    import: (id) => ({ id }),
    ...overrides,
  };
  return {
    source: "test/strict",
    legacyTypeSystem: false,
    warning: { summary: "Simulated cloud", detail: "Nothing real is touched." },
    schema: {
      provider: { version: 0, block: {} },
      resource_schemas: { strict_thing: { version: 1, block: thing } },
      data_source_schemas: {
        strict_thing: {
          version: 0,
          block: {
            attributes: { id: { ...STRING, computed: true }, name: { ...STRING, required: true } },
          },
        },
      },
    },
    resources: { strict_thing: model },
    dataSources: {
      strict_thing: {
        read({ name = null }) {
          const found = [...cloud.objects.values()].find((object) => object.name === name);
          if (!found) throw new Refusal("Not found", `Nothing is named ${textOf(name)}.`, ["name"]);
          return { id: found.id ?? null, name };
        },
      },
    },
  };
}

/** A provider on SDKv2 whose API adds a block that is not configured. */
export function legacyProvider(
  cloud: ExampleCloud,
  overrides: Partial<ResourceModel> = {},
): ProviderModel {
  return {
    source: "test/legacy",
    legacyTypeSystem: true,
    schema: {
      provider: { version: 0, block: {} },
      resource_schemas: { legacy_net: { version: 0, block: net } },
    },
    resources: {
      legacy_net: {
        computedBlocks: ["subnet"],
        defaults: { mode: "nat" },
        create(planned) {
          const id = cloud.next("net");
          const subnet = [{ range: "fd00::/64" }];
          const state = { ...planned, id, link: `link-${id}`, subnet };
          cloud.objects.set(id, state);
          return state;
        },
        read: ({ id }) => cloud.objects.get(textOf(id)) ?? null,
        update(_, planned) {
          cloud.objects.set(textOf(planned.id), planned);
          return planned;
        },
        delete: ({ id }) => void cloud.objects.delete(textOf(id)),
        ...overrides,
      },
    },
    dataSources: {},
  };
}

function textOf(value: Value | undefined): string {
  if (typeof value !== "string") throw new TypeError("a text is required");
  return value;
}

/** What the cloud returns in place of every unknown. */
function filled(planned: Values, cloud: ExampleCloud): Values {
  const fill = (value: Value, name: string): Value => {
    if (isUnknown(value)) {
      if (name === "hint") return null;
      return name === "port" ? 443 : cloud.next(name);
    }
    if (Array.isArray(value)) return value.map((element) => fill(element, name));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([child, inner]) => [child, fill(inner, child)]),
    );
  };
  const result: Values = {};
  for (const [name, value] of Object.entries(planned)) {
    result[name] = name === "anything" && value !== UNKNOWN ? value : fill(value, name);
  }
  return result;
}
