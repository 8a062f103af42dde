import { Cluster } from "../cluster/cluster";
import { ClusterDirectory, type ClusterOptions } from "../cluster/directory";
import { bare } from "./rows";

/**
 * Every string in the state of this directory's cluster that may be the id of an image.
 * @throws UserError when the state cannot be read
 */
export async function usedIds(options: ClusterOptions): Promise<ReadonlySet<string>> {
  const used = new Set<string>();
  if (ClusterDirectory.present(options) === undefined) return used;
  const cluster = await Cluster.synthesizedBefore(options, () => undefined);
  for (const { values } of (await cluster.readState()).resources) collect(values, used);
  return used;
}

function collect(value: unknown, into: Set<string>): void {
  if (typeof value === "string") {
    // Machine configurations are strings, too.
    if (value.length < 200) into.add(bare(value));
  } else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) collect(part, into);
  }
}
