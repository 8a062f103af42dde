import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isObject, type ResourceValues } from "../../constructs/model/resource-values";
import { UserError } from "../errors";

/** What a short answer about a cluster needs of its state. */
export interface ReadState {
  /** The managed ones. */
  readonly resources: readonly {
    readonly address: string;
    readonly tainted: boolean;
    readonly values: ResourceValues;
  }[];
  readonly outputs: Readonly<Record<string, { readonly value?: unknown } | undefined>>;
}

/** tofu's state file, as every release since 0.12 writes it (version 4), as far as it is used here. */
export interface StateFile {
  readonly version: number;
  serial: number;
  readonly outputs?: ReadState["outputs"];
  resources: StateResource[];
}

/** A resource or a data source. */
export interface StateResource {
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  /** `provider["registry.opentofu.org/scaleway/scaleway"]` */
  readonly provider: string;
  readonly instances: {
    /** "tainted": its creation failed half-way. @default - it is whole */
    readonly status?: string;
    readonly schema_version?: number;
    attributes: ResourceValues;
    dependencies?: readonly string[];
    /** What the configuration makes sensitive. */
    sensitive_attributes?: readonly (readonly PathStep[])[];
    /** What the provider keeps for itself: base64. */
    private?: string;
  }[];
}

/** A step of a path to a value. */
export type PathStep =
  | { readonly type: "get_attr"; readonly value: string }
  | { readonly type: "index"; readonly value: { readonly value: string; readonly type: "string" } };

/**
 * Reads a plain local state, which takes no process: `tofu show` starts every provider for their
 * schemas, and takes as long.
 * @returns undefined where it is no such file: kept elsewhere, encrypted, or of a form to come. tofu
 *   itself must then be asked; that never counts as empty
 */
export function readStateFile(home: string): ReadState | undefined {
  const state = parse(textOf(stateFile(home)));
  if (!isReadable(state)) return undefined;
  return {
    outputs: state.outputs ?? {},
    resources: state.resources
      .filter(({ mode, instances }) => mode === "managed" && instances.length > 0)
      .map(({ type, name, instances }) => ({
        address: `${type}.${name}`,
        tainted: instances.some(({ status }) => status === "tainted"),
        values: instances[0]?.attributes ?? {},
      })),
  };
}

/** A state that broke off while it was written. */
export interface TruncatedState {
  readonly isEmpty: boolean;
  /** What tofu kept of the state before, where that is whole. */
  readonly backup?: {
    readonly written: Date;
    /** Undefined where only tofu can read it: it is encrypted. */
    readonly resources: number | undefined;
  };
}

/**
 * Looks for a state that a killed tofu, or a full disk, has cut off: tofu writes it in place, and takes
 * an empty file for a cluster of which no resources exist.
 * @returns undefined where the state is whole, or nothing was ever kept in it
 */
export function truncatedState(home: string): TruncatedState | undefined {
  const text = textOf(stateFile(home));
  if (parse(text) !== undefined) return undefined;
  const isEmpty = text === "";
  const file = join(home, "cluster.tfstate.backup");
  const before = parse(textOf(file));
  if (before === undefined) return isEmpty ? undefined : { isEmpty };
  const resources = isReadable(before)
    ? before.resources.filter(({ mode }) => mode === "managed").length
    : undefined;
  if (isEmpty && resources === 0) return undefined;
  return { isEmpty, backup: { written: statSync(file).mtime, resources } };
}

/** @throws UserError when something else than a file has its name: tofu would fail on it, or wait for it */
function stateFile(home: string): string {
  const file = join(home, "cluster.tfstate");
  if (existsSync(file) && !statSync(file).isFile()) {
    throw new UserError(`${file} is not a file: the state cannot be kept there. Move it away.`);
  }
  return file;
}

function textOf(file: string): string {
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file, "utf8").trim() : "";
}

/** Whether it has the form of version 4, as far as it is used here. */
function isReadable(state: StateFile | undefined): state is StateFile {
  const { version, outputs = {}, resources } = (state ?? {}) as ResourceValues;
  return (
    version === 4 &&
    isObject(outputs) &&
    Array.isArray(resources) &&
    resources.every((one: unknown) => {
      const { mode, type, name, instances } = (one ?? {}) as ResourceValues;
      const isNamed = [mode, type, name].every((text) => typeof text === "string");
      return isNamed && Array.isArray(instances) && instances.every(isObject);
    })
  );
}

function parse(text: string): StateFile | undefined {
  try {
    return JSON.parse(text) as StateFile;
  } catch {
    return undefined;
  }
}
