import { merge } from "fast-cidr-tools";
import { type ClusterSpec, controlPlaneSlots, type NodeSpec } from "./model/cluster-spec";
import { cniPorts } from "./model/cni";
import { concerns, sourcesOf } from "./model/ingress-rules";
import {
  etcdClientPort,
  etcdPeerPort,
  kubeletPort,
  kubernetesPort,
  talosPort,
  trustdPort,
} from "./model/ports";

/** What the names of a user's own rules begin with. */
export const ingressPrefix = "ingress-";

interface Rule {
  readonly name: string;
  readonly protocol: "tcp" | "udp";
  /** Numbers, or "2379-2380"; Talos refuses a single port as a string. */
  readonly ports: readonly (number | string)[];
  /** Networks, which may overlap. */
  readonly from: readonly string[];
}

/**
 * Talos's ingress firewall, as configuration documents: everything is blocked except what a node of
 * that role serves, to the addresses that need it. These are ranges of the address plan, since a
 * node's configuration is not changed when another node comes. On clouds whose security groups do
 * not filter private traffic, this isolates the nodes.
 */
export function firewallDocuments(spec: ClusterSpec, node: NodeSpec): object[] {
  return [
    { apiVersion: "v1alpha1", kind: "NetworkDefaultActionConfig", ingress: "block" },
    ...rules(spec, node).map((rule) => ({
      apiVersion: "v1alpha1",
      kind: "NetworkRuleConfig",
      name: rule.name,
      portSelector: { ports: rule.ports, protocol: rule.protocol },
      ingress: merge([...rule.from]).map((subnet) => ({ subnet })),
    })),
  ];
}

function rules(spec: ClusterSpec, node: NodeSpec): Rule[] {
  const { nodes, loadBalancer } = spec.ranges;
  const podNetwork = spec.podNetwork.toString();
  const bastion = `${spec.bastion.address}/32`;
  const everyNode: Rule[] = [
    { name: "apid", protocol: "tcp", ports: [talosPort], from: [...nodes, bastion] },
    { name: "kubelet", protocol: "tcp", ports: [kubeletPort], from: [...nodes, podNetwork] },
    ...cniPorts(spec.cni).map(({ name, protocol, port, fromPods = false }): Rule => ({
      name,
      protocol,
      ports: [port],
      from: fromPods ? [...nodes, podNetwork] : nodes,
    })),
  ];
  const own = ingressRules(spec, node);
  if (node.role === "worker") return [...everyNode, ...own];
  return [
    ...everyNode,
    { name: "trustd", protocol: "tcp", ports: [trustdPort], from: nodes },
    {
      name: "kube-apiserver",
      protocol: "tcp",
      ports: [kubernetesPort],
      // A pod that calls the API on its own node keeps its pod address.
      from: [...nodes, ...loadBalancer, bastion, podNetwork],
    },
    {
      name: "etcd",
      protocol: "tcp",
      ports: [`${etcdClientPort}-${etcdPeerPort}`],
      from: controlPlaneSlots(spec).map((address) => `${address}/32`),
    },
    ...own,
  ];
}

/** Those of `ingress_rules`; their names begin so that no other rule has them. */
function ingressRules(spec: ClusterSpec, node: NodeSpec): Rule[] {
  return (spec.ingressRules ?? [])
    .filter((rule) => concerns(rule, node))
    .map((rule) => ({
      name: `${ingressPrefix}${rule.name}`,
      protocol: rule.protocol,
      ports: rule.ports.map(([first, last]) => (first === last ? first : `${first}-${last}`)),
      from: sourcesOf(rule, spec),
    }));
}
