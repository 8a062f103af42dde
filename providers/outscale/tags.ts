import type { ClusterSpec } from "../../constructs/model/cluster-spec";

/** Marks what belongs to the cluster, so that a user finds it in the console, which shows `Name`. */
export function tags(spec: ClusterSpec, purpose?: string): { key: string; value: string }[] {
  const name = purpose === undefined ? spec.name : `${spec.name}-${purpose}`;
  return [
    { key: "Name", value: name },
    { key: "cluster", value: spec.name },
  ];
}
