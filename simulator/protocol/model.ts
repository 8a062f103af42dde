/**
 * What a simulated provider is made of: models of its resources and data
 * sources, which the protocol server drives. A model says only what the schema
 * cannot (what forces a replacement, defaults, refusals, what the API does);
 * everything else follows from the pinned schema.
 */

/** A value that only apply can tell. Using one in a text is a defect, so that it throws. */
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
  /** The title line: what went wrong, in the provider's or the cloud's words. */
  readonly summary: string;
  readonly detail?: string;
  readonly path?: Path;
}

/** Thrown by a model to refuse: it reaches the person as the provider's error. */
export class Refusal extends Error {
  /**
   * @param state What exists all the same, if anything: a create that failed after the cloud made
   *   the object leaves it tainted in tofu's state, a failed update leaves this in place of the old.
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

/** What a handler may ask of the server while it works. */
export interface CallContext {
  /**
   * Lets time pass as the cloud does (scaled by the server's time scale). Rejects at once with a
   * Refusal "context canceled" when tofu sends Stop.
   */
  wait(milliseconds: number): Promise<void>;
  /** A warning beside a result that stands. */
  warn(summary: string, detail?: string, path?: Path): void;
}

/** What `create` and `update` may ask of the server besides. */
export interface ApplyContext extends CallContext {
  /**
   * The configuration as it is written. Take from it only what the plan cannot hold: write-only
   * attributes, and those that a provider plans null though they are set. For all else the planned
   * state counts: where `ignore_changes` holds, the configuration has values that must not be applied.
   */
  readonly config: Values;
  /**
   * The cloud has the object from now on. When the call fails later (a refusal without a state of
   * its own, Stop during a wait), this goes into tofu's state: tainted after a create. Unset and
   * unknown values become null.
   */
  exists(state: Values): void;
}

/** A change being planned; the model may adjust `planned` and add to `replacedBy`. */
export interface PlannedChange {
  /** Null when the object is to be created. */
  readonly prior: Values | null;
  readonly config: Values;
  /** Starts as the protocol's own proposal, with defaults and unknowns filled in. */
  readonly planned: Values;
  /** Paths that force a replacement, beyond the model's table. */
  readonly replacedBy: Path[];
  /**
   * True if what is planned by now differs from prior at this dotted path (no indices), unknowns
   * counted as different; always true when the object is to be created.
   */
  readonly changed: (path: string) => boolean;
  /** A warning beside the plan. */
  readonly warn: (summary: string, detail?: string, path?: Path) => void;
}

export interface ResourceModel {
  /**
   * Where a provider serves resources of two generations.
   * @default - the provider's own
   */
  readonly legacyTypeSystem?: boolean;
  /**
   * Attributes whose change replaces the object, as dotted names without indices:
   * "zone", "ipv4_subnet.subnet". From the cloud's fact table.
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
   * Blocks that the API fills by itself, as dotted names: where the configuration has none, an
   * update keeps what is there instead of planning its removal.
   */
  readonly computedBlocks?: readonly string[];
  /** Refusals that need no cloud: `validate` sees unknowns. Throw nothing; return all. */
  validate?(config: Values): Diagnostic[];
  /** Customised diff, called before `stale` and `replacedBy` are looked up. Throw a Refusal to fail the plan. */
  plan?(change: PlannedChange): void;
  /** Asked when a deletion is planned: what the provider warns of. Resources on SDKv2 are not asked. */
  planDeletion?(prior: Values, context: CallContext): void;
  /** `planned` has no unknown but in attributes that the provider computes. Returns the whole object. */
  create(planned: Values, context: ApplyContext): Promise<Values> | Values;
  /** Null when the cloud has it no more. */
  read(state: Values, context: CallContext): Promise<Values | null> | Values | null;
  update?(prior: Values, planned: Values, context: ApplyContext): Promise<Values> | Values;
  delete(state: Values, context: CallContext): Promise<void> | void;
  /**
   * From the id that `tofu import` is given: what `read` needs to find the object, which follows at
   * once. Attributes left out are null; undefined where the importer itself finds nothing. Without it
   * the resource cannot be imported.
   */
  import?(id: string): Values | undefined;
}

export interface DataSourceModel {
  validate?(config: Values): Diagnostic[];
  read(config: Values, context: CallContext): Promise<Values> | Values;
}

/** The pinned interface of a provider, as `tofu providers schema -json` prints it for one provider. */
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
  /** True for providers on SDKv2, whose slips core tolerates. */
  readonly legacyTypeSystem: boolean;
  /** Shown once a run, whenever tofu configures the provider. */
  readonly warning?: { readonly summary: string; readonly detail: string };
  /** Diagnostics of the provider's own configuration (credentials, for instance, are not checked). */
  configure?(config: Values): Diagnostic[];
  readonly resources: Readonly<Record<string, ResourceModel>>;
  readonly dataSources: Readonly<Record<string, DataSourceModel>>;
}
