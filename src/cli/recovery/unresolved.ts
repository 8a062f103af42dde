import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../whole-file";
import type { ClusterDirectory } from "../cluster/directory";

/** Created by a run, or possibly created, and not in the state: until that is decided. */
export interface Unresolved {
  readonly address: string;
  /** Undefined where it is not known whether it was created. */
  readonly id?: string;
  /** Its name in the cloud's console, if it has one. */
  readonly name?: string;
}

/** In the command line's directory. The journal has only the last run. */
const fileName = "unresolved.json";

export function readUnresolved(cluster: ClusterDirectory): readonly Unresolved[] {
  const file = join(cluster.memory, fileName);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Unresolved[]) : [];
}

export function writeUnresolved(
  cluster: ClusterDirectory,
  unresolved: readonly Unresolved[],
): void {
  const file = join(cluster.memory, fileName);
  if (unresolved.length === 0) rmSync(file, { force: true });
  else writeWhole(file, `${JSON.stringify(unresolved, undefined, 2)}\n`);
}
