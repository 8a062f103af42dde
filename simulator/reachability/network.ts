import type { Filter } from "./filter";

export type Role = "bastion" | "control plane" | "worker" | "neighbour";

/** A machine's interface on a network. */
export interface Interface {
  /** Id of its `Link`; "internet" for one that has a public address itself. */
  readonly link: string;
  readonly address: string;
  /** A public address that the cloud translates to this one, in both directions. */
  readonly translated?: { readonly address: string; readonly by: string };
  /** Each of them must allow a packet. */
  readonly inbound: readonly Filter[];
  readonly outbound: readonly Filter[];
}

export interface Host {
  /** Display name: "control-plane-0". */
  readonly name: string;
  readonly role: Role;
  /** The resource's address. */
  readonly by: string;
  readonly interfaces: readonly Interface[];
  /** Where packets to addresses outside its links go: the link of that interface, or why there is none. */
  readonly defaultRoute: { readonly link: string } | { readonly none: string };
  /** The machine's own firewall. @default nothing */
  readonly firewall?: Filter;
  /** Ranges to which its routing table sends nothing, neither its own packets nor its pods'. @default - none */
  readonly blackholes?: readonly Blackhole[];
  /** Range of its pods' addresses. @default - it has no pods */
  readonly podRange?: string;
  /** Why it is not as its owner expects, or what is not known about it. @default none */
  readonly problems?: readonly string[];
}

export interface Blackhole {
  readonly by: string;
  readonly range: string;
}

/** A subnet, or a whole network where its subnets are routed to one another. */
export interface Link {
  readonly id: string;
  /** Display name. */
  readonly name: string;
  readonly by: string;
  /** Its own addresses. */
  readonly range: string;
  /** Ranges that are reached without NAT: its own, and those of its neighbours. */
  readonly local: readonly string[];
  /** The target of the default route. Undefined: there is none. */
  readonly gateway?: Gateway;
}

export type Gateway =
  /** Translates outbound traffic to its own public address. */
  | { readonly kind: "nat"; readonly by: string; readonly address: string; readonly route: string }
  /** Passes only traffic of machines with a public address, under that address. */
  | { readonly kind: "internet"; readonly by: string; readonly route: string };

export interface Listener {
  readonly by: string;
  readonly port: number;
  /** Which clients may connect. */
  readonly admits: readonly Filter[];
  readonly backends: readonly { readonly address: string; readonly port: number }[];
}

export interface LoadBalancer {
  readonly name: string;
  readonly by: string;
  readonly publicAddress?: string;
  /** Its address on the private network, when it differs from its own. */
  readonly listenAddress?: string;
  /** Its own address on the private network: the source that backends see. */
  readonly privateAddress: string;
  readonly link: string;
  readonly listeners: readonly Listener[];
}

/** The address of a cloud's metadata service. */
export interface MetadataService {
  readonly address: string;
  /** Names of the hosts that it answers. */
  readonly answers: readonly string[];
}

/** The network of one cloud. */
export interface Network {
  /** "scaleway" */
  readonly cloud: string;
  readonly links: readonly Link[];
  readonly hosts: readonly Host[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly metadata: MetadataService;
  /**
   * Ports that a gateway itself answers on, such as its own bastion.
   * @default none
   */
  readonly gatewayListeners?: readonly { readonly address: string; readonly listener: Listener }[];
}

/** The link of interfaces that have a public address themselves. */
export const internetLink = "internet";

export function linkOf(network: Network, id: string): Link | undefined {
  return network.links.find((link) => link.id === id);
}

/** Whether an address is public: neither private (RFC 1918, RFC 6598) nor link-local. */
export function isPublic(address: string): boolean {
  return !/^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(
    address,
  );
}
