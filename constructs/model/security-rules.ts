import type { ClusterSpec } from "./cluster-spec";
import { sshPort } from "./ports";

/** Who may send what to the machines of a security group; every group lets everything out. */
export interface SecurityRule<Group extends string> {
  /** In its resource's address: "ssh_from_203_0_113_7_32". */
  readonly name: string;
  readonly group: Group;
  /** One port, TCP; without it everything, whatever the protocol. */
  readonly port?: number;
  /** A group, or a network. */
  readonly from: { readonly group: Group } | { readonly network: string };
}

/** A change of a rule replaces it, so that each admin network has its own. */
export function adminRules<Group extends string>(
  { adminNetworks }: ClusterSpec,
  purpose: string,
  group: Group,
  port: number,
): SecurityRule<Group>[] {
  return adminNetworks.map((admin) => ({
    name: `${purpose}_from_${admin.toString().replaceAll(/\W/g, "_")}`,
    group,
    port,
    from: { network: admin.toString() },
  }));
}

/** The bastion's only way in. */
export function sshRules<Group extends string>(
  spec: ClusterSpec,
  group: Group,
): SecurityRule<Group>[] {
  return adminRules(spec, "ssh", group, sshPort);
}
