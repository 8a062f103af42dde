import type { ClusterSpec } from "../../constructs/model/cluster-spec";

/** Marks what belongs to the cluster, so that a user finds it in the console. */
export function tags(spec: ClusterSpec, ...more: string[]): string[] {
  return [`cluster=${spec.name}`, ...more];
}
