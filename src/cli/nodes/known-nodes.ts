import { parse } from "yaml";
import type { ReadState } from "../../tofu/state-file";
import type { ClusterDirectory } from "../cluster/directory";
import { existingNodes } from "../cluster/existing-nodes";
import { isControlPlane } from "../cluster/node-order";
import type { KnownNode, Role } from "./observation";

/**
 * The nodes whose machine exists, with their addresses: of the synthesized configuration, and of the
 * talosconfig that was applied last for those that the configuration no longer has.
 */
export function knownNodes(cluster: ClusterDirectory, state: ReadState): KnownNode[] {
  const names = existingNodes(state.resources);
  const applied = appliedAddresses(state);
  const isWhole = applied.length === names.length;
  return names.flatMap((name, index) => {
    const address = cluster.addresses.get(name) ?? (isWhole ? applied[index] : undefined);
    if (address === undefined) return [];
    return [{ name, address, role: roleOf(name) }];
  });
}

export function roleOf(name: string): Role {
  return isControlPlane(name) ? "controlplane" : "worker";
}

/** In the order of the nodes' names. */
function appliedAddresses({ outputs }: ReadState): readonly string[] {
  const text = outputs["talosconfig"]?.value;
  if (typeof text !== "string") return [];
  const { contexts = {} } = parse(text) as {
    contexts?: Readonly<Record<string, { readonly nodes?: readonly string[] }>>;
  };
  return Object.values(contexts)[0]?.nodes ?? [];
}
