import { rmSync } from "node:fs";
import { join } from "node:path";
import { typeOf } from "../../tofu/show-json";
import type { Cluster } from "../cluster/cluster";
import type { LeftBehind } from "./left-behind";
import { StateView } from "./state-view";

/**
 * Takes out of the state what the run before has destroyed, or may have: tofu would find out by
 * itself, but for what its provider does not notice to be gone, and could never destroy again.
 */
export async function removeDeleted(cluster: Cluster, left: LeftBehind): Promise<void> {
  // Where it cannot be read, the plan that is made in earnest says why.
  const gone = [...left.destroyed, ...((await deletedSince(cluster, left.ending)) ?? [])];
  if (gone.length > 0) await cluster.removeFromState(gone);
}

/**
 * Which of these are not there, among those of which no provider would notice it.
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
