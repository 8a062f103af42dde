import type { ClusterSpec, Role } from "../../constructs/model/cluster-spec";

/** Tags the cluster's objects, so that a user finds them in the console. */
export function tags(spec: ClusterSpec, role: Role | "bastion"): Record<string, string> {
  return { cluster: spec.name, role };
}

/** Distinguishes this cluster's objects from others of the same name: an interrupted run looks for it. */
export function descriptionOn(networkId: string): string {
  return `on network ${networkId}`;
}
