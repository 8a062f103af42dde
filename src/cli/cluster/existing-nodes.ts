import type { ReadState } from "../../tofu/state-file";
import { inOrder } from "./node-order";

/** The nodes whose machine exists, in talosconfig's order, by their resources: "worker-0". */
export function existingNodes(resources: ReadState["resources"]): string[] {
  const names = resources.flatMap(({ address }) => {
    const [, name] = /^\w+(?:_server|_vm|_instance_v2)\.(\w+_\d+)$/.exec(address) ?? []; // no bastion
    return name === undefined ? [] : [name.replaceAll("_", "-")];
  });
  return inOrder(new Set(names));
}
