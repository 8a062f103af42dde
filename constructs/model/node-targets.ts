import type { NodeSpec } from "./cluster-spec";

/** The nodes of a role; a pool or a node is meant by its own name. */
export const nodeRoles = ["control_planes", "workers"] as const;

/** What names a node in the input, from the widest: its role, its pool, itself. */
export function targetsOf({ name, role, pool }: Pick<NodeSpec, "name" | "role" | "pool">) {
  const ofRole = role === "controlplane" ? "control_planes" : "workers";
  return [ofRole, ...(pool === undefined ? [] : [pool]), name];
}
