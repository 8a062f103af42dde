import { rmSync } from "node:fs";
import { join } from "node:path";
import { typeOf } from "../../tofu/show-json";
import type { Cluster } from "../cluster/cluster";
import type { LeftBehind } from "./left-behind";
import { StateView } from "./state-view";

/**
 * Removes from the state what the previous run has destroyed, or may have: tofu would notice by
 * itself, except where its provider does not, and could then never destroy it.
 */
export async function removeDeleted(cluster: Cluster, left: LeftBehind): Promise<void> {
  // Where it cannot be read, the plan that follows reports why.
  const gone = [...left.destroyed, ...((await deletedSince(cluster, left.ending)) ?? [])];
  if (gone.length > 0) await cluster.removeFromState(gone);
}

/**
 * Which of these are gone, among those whose provider would not notice it.
 * @returns undefined where the cloud cannot be read
 */
export async function deletedSince(
  cluster: Cluster,
  addresses: readonly string[],
): Promise<string[] | undefined> {
  const unnoticed = addresses.filter(
    (address) => cluster.cloud.recovery[typeOf(address)]?.isGone !== undefined,
  );
  if (unnoticed.length === 0) return [];
  const file = join(cluster.scratch, "reading.plan");
  try {
    const { code } = await cluster.run("plan", "-refresh-only", `-out=${file}`);
    if (code !== 0) return undefined;
    const now = await StateView.refreshed(cluster, file);
    return unnoticed.filter((address) => now.isGone(address));
  } finally {
    rmSync(file, { force: true });
  }
}
