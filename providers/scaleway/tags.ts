import type { ClusterSpec } from "../../constructs/cluster";

/** Marks what belongs to the cluster, so that a person finds it in the console. */
export function tags(spec: ClusterSpec, ...more: string[]): string[] {
  return [`cluster=${spec.name}`, ...more];
}
