/**
 * The models of a simulated provider's resources and data sources, which the protocol server
 * drives. A model says only what the schema cannot: what forces a replacement, defaults, refusals,
 * what the API does. Everything else follows from the pinned schema.
 */

/** A value that is known only after apply. Using one in a string is a bug, so it throws. */
export class UnknownValue {
  toString(): string {
    throw new TypeError("an unknown value has no text");
  }
  valueOf(): never {
    throw new TypeError("an unknown value has no value");
  }
}

export const UNKNOWN = new UnknownValue();

export function isUnknown(value: unknown): value is UnknownValue {
  return value instanceof UnknownValue;
}

/**
 * A value as the wire carries it, in the form of its schema type: lists, sets
 * and tuples are arrays; maps, objects and blocks are plain objects in which an
 * object's every attribute is present (null when unset).
 */
export type Value =
  null | boolean | number | bigint | string | UnknownValue | Value[] | { [name: string]: Value };

export type Values = Record<string, Value>;

/** Steps to an attribute: names, and indices into lists. */
export type Path = readonly (string | number)[];

export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** The title line: what went wrong, in the provider's or the cloud's message. */
  readonly summary: string;
  readonly detail?: string;
  readonly path?: Path;
}

/** Thrown by a model to refuse: tofu prints it as the provider's error. */
export class Refusal extends Error {
  /**
   * @param state What exists all the same, if anything: after a failed create it becomes a tainted
   *   resource in tofu's state, after a failed update it replaces the prior state.
   */
  constructor(
    readonly summary: string,
    readonly detail?: string,
    readonly path?: Path,
    readonly state?: Values,
  ) {
    super(summary);
  }
}

/** What a handler may call while it works. */
export interface CallContext {
  /**
   * Waits as long as the cloud does (scaled by the server's time scale). Rejects at once with a
   * Refusal "context canceled" when tofu sends Stop.
   */
  wait(milliseconds: number): Promise<void>;
  /** Adds a warning to a result that is valid. */
  warn(summary: string, detail?: string, path?: Path): void;
}

/** What `create` and `update` may use in addition. */
export interface ApplyContext extends CallContext {
  /**
   * The configuration. Take from it only what the plan cannot hold: write-only attributes, and
   * those that a provider plans as null though they are set. For everything else use the planned
   * state: with `ignore_changes`, the configuration has values that must not be applied.
   */
  readonly config: Values;
  /**
   * The cloud has the object from now on. When the call fails later (a refusal without a state of
   * its own, Stop during a wait), this state is saved: tainted after a create. Unset and unknown
   * values become null.
   */
  exists(state: Values): void;
}

/** A change being planned; the model may adjust `planned` and add to `replacedBy`. */
export interface PlannedChange {
  /** Null when the object is to be created. */
  readonly prior: Values | null;
  readonly config: Values;
  /** Starts as the proposal that follows from the schema, with defaults and unknowns filled in. */
  readonly planned: Values;
  /** Paths that force a replacement, beyond the model's table. */
  readonly replacedBy: Path[];
  /**
   * True if what is planned so far differs from prior at this dotted path (no indices), unknowns
   * counted as different; always true when the object is to be created.
   */
  readonly changed: (path: string) => boolean;
  /** Adds a warning to the plan. */
  readonly warn: (summary: string, detail?: string, path?: Path) => void;
}

export interface ResourceModel {
  /**
   * For a provider that serves resources of two SDKs.
   * @default - the provider's own
   */
  readonly legacyTypeSystem?: boolean;
  /**
   * Attributes whose change replaces the object, as dotted names without indices: "zone",
   * "ipv4_subnet.subnet". From the cloud's documentation and its provider's source.
   */
  readonly replacedBy?: readonly string[];
  /** Values planned where the configuration has none (an SDK default), by dotted name. */
  readonly defaults?: Readonly<Record<string, Value>>;
  /**
   * Computed attributes that an update makes stale (unknown in the plan), by the attribute that
   * changes; "*" for any change. All other computed values keep their prior value in an update.
   */
  readonly stale?: Readonly<Record<string, readonly string[]>>;
  /**
   * Blocks that the API fills in by itself, as dotted names: where the configuration has none, an
   * update keeps them instead of planning their removal.
   */
  readonly computedBlocks?: readonly string[];
  /** Refusals that need no cloud: `validate` sees unknowns. Does not throw; returns all. */
  validate?(config: Values): Diagnostic[];
  /** Customised diff, called before `stale` and `replacedBy` are evaluated. Throw a Refusal to fail the plan. */
  plan?(change: PlannedChange): void;
  /** Called when a deletion is planned, for the provider's warnings. Resources on SDKv2 are not called. */
  planDeletion?(prior: Values, context: CallContext): void;
  /** `planned` has no unknown except in attributes that the provider computes. Returns the whole object. */
  create(planned: Values, context: ApplyContext): Promise<Values> | Values;
  /** Null when the cloud no longer has it. */
  read(state: Values, context: CallContext): Promise<Values | null> | Values | null;
  update?(prior: Values, planned: Values, context: ApplyContext): Promise<Values> | Values;
  delete(state: Values, context: CallContext): Promise<void> | void;
  /**
   * From the id given to `tofu import`: what `read`, which follows at once, needs to find the
   * object. Omitted attributes are null; undefined where the importer itself finds nothing. Without
   * it the resource cannot be imported.
   */
  import?(id: string): Values | undefined;
}

export interface DataSourceModel {
  validate?(config: Values): Diagnostic[];
  read(config: Values, context: CallContext): Promise<Values> | Values;
}

/** The pinned schema of one provider, as `tofu providers schema -json` prints it. */
export interface ProviderSchema {
  provider: { version: number; block: SchemaBlock };
  resource_schemas?: Record<string, { version: number; block: SchemaBlock }>;
  data_source_schemas?: Record<string, { version: number; block: SchemaBlock }>;
}

export interface SchemaBlock {
  attributes?: Record<string, SchemaAttribute>;
  block_types?: Record<
    string,
    { nesting_mode: NestingMode; block: SchemaBlock; min_items?: number; max_items?: number }
  >;
  deprecated?: boolean;
}

export interface SchemaAttribute {
  type?: SchemaType;
  nested_type?: { attributes: Record<string, SchemaAttribute>; nesting_mode: NestingMode };
  required?: boolean;
  optional?: boolean;
  computed?: boolean;
  sensitive?: boolean;
  write_only?: boolean;
  deprecated?: boolean;
}

export type NestingMode = "single" | "list" | "set" | "map" | "group";

/** "string", ["list", "string"], ["object", { … }] */
export type SchemaType =
  | string
  | ["list" | "set" | "map", SchemaType]
  | ["object", Record<string, SchemaType>]
  | ["tuple", SchemaType[]];

export interface ProviderModel {
  /** Its address in `required_providers`: "scaleway/scaleway". */
  readonly source: string;
  readonly schema: ProviderSchema;
  /** True for providers on SDKv2, whose inconsistencies tofu tolerates. */
  readonly legacyTypeSystem: boolean;
  /** Printed once a run, whenever tofu configures the provider. */
  readonly warning?: { readonly summary: string; readonly detail: string };
  /** Diagnostics of the provider's own configuration (credentials, for instance, are not checked). */
  configure?(config: Values): Diagnostic[];
  readonly resources: Readonly<Record<string, ResourceModel>>;
  readonly dataSources: Readonly<Record<string, DataSourceModel>>;
}
