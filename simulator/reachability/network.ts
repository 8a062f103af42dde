import type { Filter } from "./filter";

export type Role = "bastion" | "control plane" | "worker" | "neighbour";

/** A network's end on a machine. */
export interface Interface {
  /** Of the `Link` that it is on; "internet" for one that has a public address itself. */
  readonly link: string;
  readonly address: string;
  /** A public address that the cloud translates to this one, both ways. */
  readonly translated?: { readonly address: string; readonly by: string };
  /** All of them must let a packet in. */
  readonly inbound: readonly Filter[];
  readonly outbound: readonly Filter[];
}

export interface Host {
  /** As people call it: "control-plane-0". */
  readonly name: string;
  readonly role: Role;
  /** The resource that it is. */
  readonly by: string;
  readonly interfaces: readonly Interface[];
  /** Where what is on no link of its own goes: the link of that interface, or why there is none. */
  readonly defaultRoute: { readonly link: string } | { readonly none: string };
  /** What the machine itself filters. @default nothing */
  readonly firewall?: Filter;
  /** Range of its pods' addresses. @default - it has no pods */
  readonly podRange?: string;
  /** Why it is not as its owner expects, or what is not known of it. @default none */
  readonly problems?: readonly string[];
}

/** A subnet, or a whole network where its subnets reach one another by themselves. */
export interface Link {
  readonly id: string;
  /** As people call it. */
  readonly name: string;
  readonly by: string;
  /** Its own addresses. */
  readonly range: string;
  /** Ranges that are reached without translation: its own, and those of its neighbours. */
  readonly local: readonly string[];
  /** What stands at the end of the default route. Undefined: there is no way out. */
  readonly gateway?: Gateway;
}

export type Gateway =
  /** Sends what leaves under its own public address. */
  | { readonly kind: "nat"; readonly by: string; readonly address: string; readonly route: string }
  /** Lets out only who has a public address, under that. */
  | { readonly kind: "internet"; readonly by: string; readonly route: string };

export interface Listener {
  readonly by: string;
  readonly port: number;
  /** Who may connect. */
  readonly admits: readonly Filter[];
  readonly backends: readonly { readonly address: string; readonly port: number }[];
}

export interface LoadBalancer {
  readonly name: string;
  readonly by: string;
  readonly publicAddress?: string;
  /** Where it listens on the private network, when that is another than its own. */
  readonly listenAddress?: string;
  /** Its own on the private network: what backends see as the caller. */
  readonly privateAddress: string;
  readonly link: string;
  readonly listeners: readonly Listener[];
}

/** The address under which a cloud tells a machine about itself. */
export interface MetadataService {
  readonly address: string;
  /** Names of the hosts that it answers. */
  readonly answers: readonly string[];
}

/** What a packet can meet in one cloud. */
export interface Network {
  /** "scaleway" */
  readonly cloud: string;
  readonly links: readonly Link[];
  readonly hosts: readonly Host[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly metadata: MetadataService;
  /**
   * Ports that a gateway itself answers on, as its own bastion does.
   * @default none
   */
  readonly gatewayListeners?: readonly { readonly address: string; readonly listener: Listener }[];
}

/** The link of interfaces that have a public address themselves. */
export const internetLink = "internet";

export function linkOf(network: Network, id: string): Link | undefined {
  return network.links.find((link) => link.id === id);
}

/** Whether an address is of the internet: neither private (RFC 1918, RFC 6598) nor link-local. */
export function isPublic(address: string): boolean {
  return !/^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(
    address,
  );
}
