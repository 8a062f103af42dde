import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { journalName } from "../cluster/truncated-state";
import type { ClusterFolder } from "../cluster/folder";
import { kubeconfigAddress } from "./foreign-kubeconfig";

export const bootstrapAddress = "talos_machine_bootstrap.bootstrap";

/**
 * Whether control planes may hold etcd's data: the state has the bootstrap or what came of it, or a
 * run that was interrupted had begun it. Until then a control plane has nothing to lose.
 */
export function hasEtcd(
  cluster: ClusterFolder,
  standing: readonly { readonly address: string }[],
): boolean {
  if (standing.some(({ address }) => [bootstrapAddress, kubeconfigAddress].includes(address))) {
    return true;
  }
  if (existsSync(join(cluster.home, cluster.fileName("kubeconfig")))) return true;
  return ["", ".before", ".done"]
    .map((suffix) => join(cluster.memory, `${journalName}${suffix}`))
    .some((file) => existsSync(file) && wasBegunIn(readFileSync(file, "utf8")));
}

/** A plan, which the journal tells too, begins nothing. */
function wasBegunIn(journal: string): boolean {
  return journal
    .split("\n")
    .some((line) => line.includes(bootstrapAddress) && line.includes('"apply_start"'));
}
