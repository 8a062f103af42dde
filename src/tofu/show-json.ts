/**
 * The part of `tofu show -json` of a state or a plan that is used here, with its readers.
 * Everything in it is secret: a state contains every key of the cluster.
 */
import type { ResourceValues } from "../../constructs/model/resource-values";

/** Of `tofu show -json`: the state. */
export interface ShownState {
  /** @default - nothing was ever applied */
  readonly values?: {
    readonly outputs?: ShownOutputs;
    /** A cdktf stack has no other module. */
    readonly root_module?: { readonly resources?: readonly ShownResource[] };
  };
}

export type ShownOutputs = Readonly<Record<string, { readonly value?: unknown } | undefined>>;

/** A resource or a data source. */
export interface ShownResource {
  /** "scaleway_lb.api", "data.scaleway_instance_image.nodes_fr_par_1" */
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  /** "registry.opentofu.org/scaleway/scaleway" */
  readonly provider_name: string;
  readonly schema_version: number;
  /** Its creation failed half-way. @default false */
  readonly tainted?: boolean;
  /** @default - it has no attributes */
  readonly values?: ResourceValues;
}

/** Of `tofu show -json <file>`: a saved plan. */
export interface ShownPlan {
  /** The state as the plan has read it from the cloud. @default - there was none */
  readonly prior_state?: ShownState;
  /** Every resource of the plan; unchanged ones have the action "no-op". */
  readonly resource_changes?: readonly ShownChange[];
  /** Differences between the cloud and what was applied. */
  readonly resource_drift?: readonly ShownChange[];
  readonly configuration?: {
    readonly root_module?: { readonly resources?: readonly ConfiguredResource[] };
  };
}

export interface ShownChange {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  /** "replace_by_request", "replace_by_triggers", … */
  readonly action_reason?: string;
  readonly change: {
    /** "create", "update", "delete", "read", "no-op"; a replacement is two of them. */
    readonly actions: readonly string[];
    /** Null for a creation. */
    readonly before: ResourceValues | null;
    /** Null for a deletion. */
    readonly after: ResourceValues | null;
    /** True in place of each value that is known only after apply. */
    readonly after_unknown?: ResourceValues;
    readonly before_sensitive?: Marks;
    readonly after_sensitive?: Marks;
    /** What forces a replacement. */
    readonly replace_paths?: readonly (readonly (string | number)[])[];
  };
}

/** True for a value that is sensitive as a whole; otherwise the marks of its parts, by name or in order. */
export type Marks = unknown;

/** A resource of the configuration that was planned. */
export interface ConfiguredResource {
  readonly address: string;
  /** By attribute. */
  readonly expressions?: Readonly<Record<string, { readonly references?: readonly string[] }>>;
}

/** @throws SyntaxError when it is no JSON */
export function parseState(text: string): ShownState {
  return JSON.parse(text) as ShownState;
}

/** @throws SyntaxError when it is no JSON */
export function parsePlan(text: string): ShownPlan {
  return JSON.parse(text) as ShownPlan;
}

/** Every resource and data source of a state. */
export function resourcesOf(state: ShownState | undefined): readonly ShownResource[] {
  return state?.values?.root_module?.resources ?? [];
}

export interface ManagedResource extends ShownResource {
  readonly values: ResourceValues;
}

/** The resources of a state, without data sources. */
export function managedResources(state: ShownState | undefined): ManagedResource[] {
  return resourcesOf(state)
    .filter(({ mode }) => mode === "managed")
    .map((one) => ({ ...one, values: one.values ?? {} }));
}

/** "scaleway_lb" of "scaleway_lb.api" */
export function typeOf(address: string): string {
  return address.split(".")[0] ?? "";
}
