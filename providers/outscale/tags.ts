import type { ClusterSpec } from "../../constructs/model/cluster-spec";

/** Tags the cluster's objects, so that a user finds them in the console, which shows `Name`. */
export function tags(spec: ClusterSpec, purpose?: string): { key: string; value: string }[] {
  const name = purpose === undefined ? spec.name : `${spec.name}-${purpose}`;
  return [
    { key: "Name", value: name },
    { key: "cluster", value: spec.name },
  ];
}
