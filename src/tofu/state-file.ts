import { closeSync, existsSync, openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isObject, type ResourceValues } from "../../constructs/model/resource-values";
import { UserError } from "../errors";

/** In the directory of tofu.tfvars: the state, and tofu's backup of the one before. */
export const stateFileName = "cluster.tfstate";
export const stateBackupName = `${stateFileName}.backup`;

/** Beside it: the state of the images that were created from there. */
export const imagesStateName = "images.tfstate";

/** What a short answer about a cluster needs of its state. */
export interface ReadState {
  /** The managed ones. */
  readonly resources: readonly {
    readonly address: string;
    readonly tainted: boolean;
    readonly values: ResourceValues;
  }[];
  readonly outputs: Readonly<Record<string, { readonly value?: unknown } | undefined>>;
  /** Data sources, as they were read last. @default - not of interest */
  readonly data?: readonly { readonly address: string; readonly values: ResourceValues }[];
}

/** The parts of tofu's state file, as every release since 0.12 writes it (version 4), that are used here. */
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
    /** "tainted": its creation failed half-way. @default - it is complete */
    status?: string;
    readonly schema_version?: number;
    attributes: ResourceValues;
    dependencies?: readonly string[];
    /** Attributes that the configuration marks as sensitive. */
    sensitive_attributes?: readonly (readonly PathStep[])[];
    /** The provider's private data: base64. */
    private?: string;
  }[];
}

/** A step of a path to a value. */
export type PathStep =
  | { readonly type: "get_attr"; readonly value: string }
  | { readonly type: "index"; readonly value: { readonly value: string; readonly type: "string" } };

/**
 * Reads a plain local state without a process: `tofu show` starts every provider for its schema,
 * and takes as long.
 * @returns undefined where it is no such file: kept elsewhere, encrypted, or of a future format.
 * Use
 *   tofu itself then; that never counts as empty
 */
export function readStateFile(home: string, name = stateFileName): ReadState | undefined {
  return readStateText(stringOf(stateFile(home, name)));
}

/** The same of a state's text: in clear, such as `tofu state pull` prints it. */
export function readStateText(text: string): ReadState | undefined {
  const state = parse(text);
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
    data: state.resources
      .filter(({ mode, instances }) => mode === "data" && instances.length > 0)
      .map(({ type, name, instances }) => ({
        address: `data.${type}.${name}`,
        values: instances[0]?.attributes ?? {},
      })),
  };
}

/** Undefined: there is none, or only an empty or truncated one. */
export type StateForm = "in clear" | { readonly encryptedBy: readonly string[] } | undefined;

/**
 * Whether a file with a state is encrypted, and by which kinds of key providers ("pbkdf2"). @param
 * name The state itself, or its backup
 */
export function formOfState(
  home: string,
  name: typeof stateFileName | typeof stateBackupName,
): StateForm {
  return formOfText(stringOf(join(home, name)));
}

/** The same of a state's text, as it is kept. */
export function formOfText(text: string): StateForm {
  const state = parse(text);
  if (!isObject(state)) return undefined;
  const { encrypted_data: isEncrypted, meta } = state;
  if (isEncrypted === undefined) return "in clear";
  const providers = isObject(meta) ? Object.keys(meta) : [];
  return { encryptedBy: providers.map((address) => address.split(".")[1] ?? address) };
}

/**
 * Creates an empty state and backup that only their owner can read, before tofu would create them
 * for everyone: both contain every key of the cluster, and tofu keeps the mode of an existing file.
 * An empty file also lets tofu save all of a first apply when it is interrupted, and counts as no
 * state.
 */
export function prepareStateFiles(home: string, name = stateFileName): void {
  for (const file of [name, `${name}.backup`]) {
    try {
      closeSync(openSync(join(home, file), "wx", 0o600));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** A state that was truncated while it was written. */
export interface TruncatedState {
  readonly isEmpty: boolean;
  /** tofu's backup of the previous state, where that is complete. */
  readonly backup?: {
    readonly written: Date;
    /** Undefined where only tofu can read it: it is encrypted. */
    readonly resources: number | undefined;
  };
}

/**
 * Looks for a state that a killed tofu, or a full disk, has truncated: tofu writes it in place, and
 * takes an empty file for a cluster without resources.
 * @returns undefined where the state is complete, or nothing was ever saved in it
 */
export function truncatedState(home: string, name = stateFileName): TruncatedState | undefined {
  const text = stringOf(stateFile(home, name));
  if (parse(text) !== undefined) return undefined;
  const isEmpty = text === "";
  const file = join(home, `${name}.backup`);
  const before = parse(stringOf(file));
  if (before === undefined) return isEmpty ? undefined : { isEmpty };
  const resources = isReadable(before)
    ? before.resources.filter(({ mode }) => mode === "managed").length
    : undefined;
  if (isEmpty && resources === 0) return undefined;
  return { isEmpty, backup: { written: statSync(file).mtime, resources } };
}

/** @throws UserError when it is not a regular file: tofu would fail on it, or wait for it */
function stateFile(home: string, name: string): string {
  const file = join(home, name);
  if (existsSync(file) && !statSync(file).isFile()) {
    throw new UserError(`${file} is not a file: the state cannot be kept there. Move it away.`);
  }
  return file;
}

function stringOf(file: string): string {
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file, "utf8").trim() : "";
}

/** Whether it has the parts of version 4 that are used here. */
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
