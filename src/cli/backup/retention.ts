import type { Destination } from "./destination";

const suffix = ".tar.gz.age";
const dated = /-(\d{8}T\d{6}Z)\.tar\.gz\.age$/;

/** "prod-20261130T031500Z.tar.gz.age": in alphabetical order, the newest is the last. */
export function backupName(cluster: string, created: string): string {
  return `${cluster}-${created.replaceAll(/[-:]|\.\d+/g, "")}${suffix}`;
}

/** Those of a cluster among the names of files, the oldest first. */
export function backupsOf(cluster: string, names: readonly string[]): string[] {
  const isOurs = (name: string) =>
    name.startsWith(`${cluster}-`) && dated.exec(name)?.index === cluster.length;
  return names.filter(isOurs).sort();
}

/**
 * The newest backups of any cluster among the names of files, or paths, the newest first.
 * @param most How many
 */
export function newestBackups(names: readonly string[], most: number): string[] {
  const created = (name: string) => dated.exec(name)?.[1] ?? "";
  return names
    .filter((name) => dated.test(name))
    .sort((one, other) => created(other).localeCompare(created(one)))
    .slice(0, most);
}

/**
 * Removes the oldest backups of a cluster.
 * @param keep How many stay; undefined: all
 * @returns the names of those that were removed
 */
export async function removeOld(
  destination: Destination,
  cluster: string,
  keep: number | undefined,
): Promise<string[]> {
  if (keep === undefined) return [];
  const old = backupsOf(cluster, await destination.list()).slice(0, -keep);
  for (const name of old) await destination.remove(name);
  return old;
}
