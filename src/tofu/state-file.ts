import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What a short answer about a cluster needs of its state. */
export interface ReadState {
  /** The managed ones. */
  readonly resources: readonly { readonly address: string; readonly tainted: boolean }[];
  readonly outputs: Readonly<Record<string, { readonly value?: unknown } | undefined>>;
}

/** The parts of tofu's state file, as every release since 0.12 writes them (version 4). */
interface StateFile {
  readonly version?: number;
  readonly outputs?: ReadState["outputs"];
  readonly resources?: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly status?: string }[];
  }[];
}

/**
 * Reads a plain local state, which takes no process: `tofu show` starts every provider for their
 * schemas, and takes as long.
 * @returns undefined where it is no such file: kept elsewhere, encrypted, or of a form to come. tofu
 *   itself must then be asked; that never counts as empty
 */
export function readStateFile(home: string): ReadState | undefined {
  const file = join(home, "cluster.tfstate");
  if (!existsSync(file)) return undefined;
  const state = parse(readFileSync(file, "utf8"));
  if (state?.version !== 4 || state.resources === undefined) return undefined;
  return {
    outputs: state.outputs ?? {},
    resources: state.resources
      .filter(({ mode, instances }) => mode === "managed" && instances.length > 0)
      .map(({ type, name, instances }) => ({
        address: `${type}.${name}`,
        tainted: instances.some(({ status }) => status === "tainted"),
      })),
  };
}

function parse(text: string): StateFile | undefined {
  try {
    return JSON.parse(text) as StateFile;
  } catch {
    return undefined;
  }
}
