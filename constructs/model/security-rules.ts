import type { ClusterSpec } from "./cluster-spec";
import { kubernetesPort, sshPort, talosPort } from "./ports";

/** The target of a connection. */
export type RuleTarget =
  /** The bastion's public address. */
  | "bastion"
  /** The public address of the API's load balancer, which listens on one port only. */
  | "api"
  /** Every node, on the private network. */
  | "nodes"
  | "controlPlanes";

/** The source of a connection. */
export type RuleOrigin =
  /** The networks in `admin_ip`. */
  | "admins"
  /** The public source address of everything inside when it calls a public address. */
  | "egress"
  | "privateNetwork"
  /** The source address of the load balancer's connections to the control planes. */
  | "loadBalancer"
  | "bastion"
  | "nodes";

/** IP protocols, with their ports; "any" is every port of every protocol. */
export type Traffic =
  | { readonly protocol: "any" }
  | {
      readonly protocol: "tcp" | "udp";
      readonly port: number;
      /** Of a range. @default - `port` alone */
      readonly lastPort?: number;
    };

/** Connections that are allowed. There are no deny rules: what no rule allows is refused. */
export interface SecurityRule<
  Target extends RuleTarget = RuleTarget,
  Origin extends RuleOrigin = RuleOrigin,
> {
  /** The service, in the addresses of resources: "ssh". */
  readonly service: string;
  readonly traffic: Traffic;
  readonly to: Target;
  readonly from: Origin;
}

/**
 * Everything that is allowed, on every cloud. A cloud implements the part that it can filter:
 * security groups for machines, the load balancer's own list for the API. What it cannot filter
 * (Scaleway's groups ignore the private network) is filtered by the firewall in each node's machine
 * configuration.
 */
export const securityRules = [
  { service: "ssh", traffic: tcp(sshPort), to: "bastion", from: "admins" },
  { service: "kubernetes", traffic: tcp(kubernetesPort), to: "api", from: "admins" },
  // Nodes call the public address, so the load balancer sees their NAT address.
  { service: "kubernetes", traffic: tcp(kubernetesPort), to: "api", from: "egress" },
  { service: "kubernetes", traffic: tcp(kubernetesPort), to: "api", from: "privateNetwork" },
  // etcd, kubelet, trustd, the pods' network over UDP, ICMP.
  { service: "nodes", traffic: { protocol: "any" }, to: "nodes", from: "nodes" },
  { service: "talos", traffic: tcp(talosPort), to: "nodes", from: "bastion" },
  {
    service: "kubernetes",
    traffic: tcp(kubernetesPort),
    to: "controlPlanes",
    from: "loadBalancer",
  },
] as const satisfies readonly SecurityRule[];

function tcp(port: number): Traffic {
  return { protocol: "tcp", port };
}

/** The origins of a target's rules, as a type: a cloud must give the sources of each. */
export type OriginTo<Target extends RuleTarget> = Extract<
  (typeof securityRules)[number],
  { readonly to: Target }
>["from"];

/** The rules of these targets, in the order of the list. */
export function rulesTo<Target extends RuleTarget>(
  ...targets: Target[]
): SecurityRule<Target, OriginTo<Target>>[] {
  const all: readonly SecurityRule[] = securityRules;
  return all.filter((rule): rule is SecurityRule<Target, OriginTo<Target>> =>
    targets.some((target) => target === rule.to),
  );
}

/** An origin on one cloud: a network, or the members of a security group. */
export type RuleSource =
  /** In CIDR notation, or an expression of one. The name is for the addresses of resources. */
  | { readonly name: string; readonly network: string }
  | { readonly name: string; readonly groupId: string };

/** The admins' networks, each named after itself: "203_0_113_7_32". */
export function adminSources({ adminNetworks }: ClusterSpec): RuleSource[] {
  return adminNetworks.map((admin) => {
    const network = admin.toString();
    return { name: network.replaceAll(/\W/g, "_"), network };
  });
}

/** A rule with one source: one resource, or one line, of a security group. */
export interface SourceRule<Target extends RuleTarget = RuleTarget> extends SecurityRule<Target> {
  /** In its resource's address: "ssh_from_203_0_113_7_32". */
  readonly name: string;
  readonly source: RuleSource;
}

/**
 * Splits each rule by the sources of its origin: a change of a rule replaces it, so each admin
 * network has its own.
 * @param sources An empty list allows nothing
 */
export function rulesBySource<Target extends RuleTarget, Origin extends RuleOrigin>(
  rules: readonly SecurityRule<Target, Origin>[],
  sources: Readonly<Record<Origin, readonly RuleSource[]>>,
): SourceRule<Target>[] {
  return rules.flatMap((rule) =>
    sources[rule.from].map((source) => ({
      ...rule,
      name: `${rule.service}_from_${source.name}`,
      source,
    })),
  );
}

/** Whether it is a rule of the nodes, which wait for it: their first packets must already pass. */
export function isForNodes({ to }: SecurityRule): boolean {
  return to === "nodes" || to === "controlPlanes";
}
