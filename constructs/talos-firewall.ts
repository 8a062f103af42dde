import type { Role } from "./model/cluster-spec";
import {
  etcdClientPort,
  etcdPeerPort,
  kubeletPort,
  kubernetesPort,
  talosPort,
  trustdPort,
  vxlanPort,
} from "./model/ports";

/** Talos's default pod network; the private network must not overlap it. */
export const podNetwork = "10.244.0.0/16";
/** Talos's default service network. */
export const serviceNetwork = "10.96.0.0/12";

/**
 * The source range of the load balancer's health checks in the HCL original. Kept, since it does no
 * harm: nodes have no public address, and nothing on the private network is in this range (RFC
 * 6598).
 */
const carrierGradeNat = "100.64.0.0/10";

interface Rule {
  readonly name: string;
  readonly protocol: "tcp" | "udp";
  /** Numbers, or "2379-2380"; Talos refuses a single port as a string. */
  readonly ports: readonly (number | string)[];
  readonly from: readonly string[];
}

export interface FirewallProps {
  readonly role: Role;
  /** The private network, "172.16.4.0/22". */
  readonly network: string;
  /** Of present and possible control planes. */
  readonly controlPlaneAddresses: readonly string[];
}

/**
 * Talos's ingress firewall, as configuration documents: everything is blocked except what a node of
 * that role serves to its own network. On clouds whose security groups do not filter private
 * traffic, this isolates the nodes.
 */
export function firewallDocuments(props: FirewallProps): object[] {
  return [
    { apiVersion: "v1alpha1", kind: "NetworkDefaultActionConfig", ingress: "block" },
    ...rules(props).map((rule) => ({
      apiVersion: "v1alpha1",
      kind: "NetworkRuleConfig",
      name: rule.name,
      portSelector: { ports: rule.ports, protocol: rule.protocol },
      ingress: rule.from.map((subnet) => ({ subnet })),
    })),
  ];
}

function rules({ role, network, controlPlaneAddresses }: FirewallProps): Rule[] {
  const everyNode: Rule[] = [
    { name: "apid", protocol: "tcp", ports: [talosPort], from: [network] },
    { name: "kubelet", protocol: "tcp", ports: [kubeletPort], from: [network, podNetwork] },
    { name: "vxlan", protocol: "udp", ports: [vxlanPort], from: [network] },
  ];
  if (role === "worker") return everyNode;
  return [
    ...everyNode,
    { name: "trustd", protocol: "tcp", ports: [trustdPort], from: [network] },
    {
      name: "kube-apiserver",
      protocol: "tcp",
      ports: [kubernetesPort],
      // A pod that calls the API on its own node keeps its pod address.
      from: [network, podNetwork, carrierGradeNat],
    },
    {
      name: "etcd",
      protocol: "tcp",
      ports: [`${etcdClientPort}-${etcdPeerPort}`],
      from: controlPlaneAddresses.map((address) => `${address}/32`),
    },
  ];
}
