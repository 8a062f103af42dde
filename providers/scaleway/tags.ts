import type { ClusterSpec } from "../../constructs/model/cluster-spec";

/** Tags the cluster's objects, so that a user finds them in the console. */
export function tags(spec: ClusterSpec, ...more: string[]): string[] {
  return [`cluster=${spec.name}`, ...more];
}
