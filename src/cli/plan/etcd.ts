import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { journalName } from "../cluster/truncated-state";
import type { ClusterDirectory } from "../cluster/directory";
import { kubeconfigAddress } from "./foreign-kubeconfig";

export const bootstrapAddress = "talos_machine_bootstrap.bootstrap";

/**
 * Whether control planes may have etcd's data: the state has the bootstrap or its results, or an
 * interrupted run had started it. Before that, a control plane can be replaced without a loss.
 */
export function hasEtcd(
  cluster: ClusterDirectory,
  existing: readonly { readonly address: string }[],
): boolean {
  if (existing.some(({ address }) => [bootstrapAddress, kubeconfigAddress].includes(address))) {
    return true;
  }
  if (existsSync(join(cluster.home, cluster.fileName("kubeconfig")))) return true;
  return wasBootstrapStarted(cluster);
}

/** Whether one of the last runs has started the bootstrap, as far as their journals are kept. */
export function wasBootstrapStarted(cluster: ClusterDirectory): boolean {
  return ["", ".before", ".done"]
    .map((suffix) => join(cluster.memory, `${journalName}${suffix}`))
    .some((file) => existsSync(file) && wasBegunIn(readFileSync(file, "utf8")));
}

/** A plan is in the journal too, and starts nothing; so may be the cluster's end. */
function wasBegunIn(journal: string): boolean {
  return journal
    .split("\n")
    .filter((line) => line.includes(bootstrapAddress) && line.includes('"apply_start"'))
    .some((line) => line.includes('"action":"create"'));
}
