import type { ClusterSpec, Role } from "../../constructs/model/cluster-spec";

/** Marks what belongs to the cluster, so that a user finds it in the console. */
export function tags(spec: ClusterSpec, role: Role | "bastion"): Record<string, string> {
  return { cluster: spec.name, role };
}

/** Tells what belongs to this cluster from what has the same name: an interrupted run looks for it. */
export function descriptionOn(networkId: string): string {
  return `on network ${networkId}`;
}
