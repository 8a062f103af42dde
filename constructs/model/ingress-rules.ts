import type { Cidr } from "./cidr";
import type { ClusterSpec, NodeSpec } from "./cluster-spec";
import { targetsOf } from "./node-targets";
import type { SourceRule } from "./security-rules";

/**
 * Sources of a rule: everything on the private network, the nodes, each with their pods; the
 * bastion.
 */
export const ingressOrigins = ["network", "nodes", "bastion"] as const;
export type IngressOrigin = (typeof ingressOrigins)[number];

export const ingressProtocols = ["tcp", "udp"] as const;
export type IngressProtocol = (typeof ingressProtocols)[number];

/** First and last, both included. */
export type PortRange = readonly [first: number, last: number];

/** Ports of nodes that are open on the private network, beside those that the cluster needs. */
export interface IngressRule {
  /** "node-ports": of no other rule. */
  readonly name: string;
  readonly protocol: IngressProtocol;
  readonly ports: readonly PortRange[];
  /** Networks are within the private one. */
  readonly from: readonly (IngressOrigin | Cidr)[];
  /** Roles, pools and nodes by their names. @default - every node */
  readonly nodes?: readonly string[];
}

/** Whether it opens ports of this node. */
export function concerns({ nodes }: IngressRule, node: NodeSpec): boolean {
  return nodes === undefined || targetsOf(node).some((name) => nodes.includes(name));
}

/**
 * The sources as the node sees them, in CIDR notation. A pod on the node itself keeps its address;
 * from elsewhere it has its node's.
 */
export function sourcesOf({ from }: IngressRule, spec: ClusterSpec): string[] {
  const podNetwork = spec.podNetwork.toString();
  const origins: Readonly<Record<IngressOrigin, readonly string[]>> = {
    network: [spec.network.toString(), podNetwork],
    nodes: [...spec.ranges.nodes, podNetwork],
    bastion: [bastionOf(spec)],
  };
  return from.flatMap((one) => (typeof one === "string" ? origins[one] : [one.toString()]));
}

/**
 * For clouds whose security groups filter private traffic: a rule for each range of ports and each
 * source. A group has all nodes or all control planes; which of them opens the port is the node's
 * own firewall's to say. Nodes among themselves need none.
 */
export function ingressGroupRules(spec: ClusterSpec): SourceRule<"nodes" | "controlPlanes">[] {
  const origins: Readonly<Record<IngressOrigin, readonly string[]>> = {
    network: [spec.network.toString()],
    nodes: [],
    bastion: [bastionOf(spec)],
  };
  return (spec.ingressRules ?? []).flatMap((rule) => {
    const isForControlPlanes = rule.nodes?.every((name) => isControlPlane(spec, name)) ?? false;
    const networks = rule.from.flatMap((one) =>
      typeof one === "string" ? origins[one] : [one.toString()],
    );
    return rule.ports.flatMap(([port, lastPort]) =>
      [...new Set(networks)].map((network) => {
        const service = `ingress_${rule.name.replaceAll("-", "_")}`;
        const ports = port === lastPort ? `${port}` : `${port}_${lastPort}`;
        const name = network.replaceAll(/\W/g, "_");
        return {
          service,
          name: `${service}_${ports}_from_${name}`,
          traffic: { protocol: rule.protocol, port, ...(port === lastPort ? {} : { lastPort }) },
          to: isForControlPlanes ? ("controlPlanes" as const) : ("nodes" as const),
          from: "privateNetwork" as const,
          source: { name, network },
        };
      }),
    );
  });
}

function isControlPlane({ nodes }: ClusterSpec, name: string): boolean {
  const named = nodes.find((node) => node.name === name);
  return name === "control_planes" || named?.role === "controlplane";
}

function bastionOf({ bastion }: ClusterSpec): string {
  return `${bastion.address}/32`;
}
