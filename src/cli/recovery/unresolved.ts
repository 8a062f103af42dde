import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../whole-file";
import type { ClusterFolder } from "../cluster/folder";

/** Created by a run, or perhaps created, and not in the state: until that is settled. */
export interface Unresolved {
  readonly address: string;
  /** Undefined where it is not known whether it was created. */
  readonly id?: string;
  /** What the cloud's console shows it as, where it has a name. */
  readonly name?: string;
}

/** Under the directory that the command line remembers in. The journal knows only the last run. */
const fileName = "unresolved.json";

export function readUnresolved(cluster: ClusterFolder): readonly Unresolved[] {
  const file = join(cluster.memory, fileName);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Unresolved[]) : [];
}

export function writeUnresolved(cluster: ClusterFolder, unresolved: readonly Unresolved[]): void {
  const file = join(cluster.memory, fileName);
  if (unresolved.length === 0) rmSync(file, { force: true });
  else writeWhole(file, `${JSON.stringify(unresolved, undefined, 2)}\n`);
}
