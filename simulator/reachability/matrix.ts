import { parseSubnet, toAddress } from "../clouds/addresses";
import { holds, type Protocol } from "./filter";
import { type Host, internetLink, type Link, type Network } from "./network";
import type { Source, Trace } from "./trace";
import { connect } from "./walk";

export type EndpointKind =
  | "internet"
  | "admin"
  | "bastion"
  | "control plane"
  | "worker"
  | "pod"
  | "load balancer"
  | "neighbour";

/** Somebody who may ask. */
export interface Endpoint {
  readonly kind: EndpointKind;
  readonly name: string;
  readonly source: Source;
}

export type PlaceKind =
  | "bastion, public"
  | "bastion"
  | "load balancer, public"
  | "load balancer"
  | "node, public"
  | "control plane"
  | "worker"
  | "gateway, public"
  | "metadata"
  | "internet";

/** An address that may be asked. */
export interface Place {
  readonly kind: PlaceKind;
  /** Whose it is. */
  readonly name: string;
  readonly address: string;
}

export interface Service {
  readonly name: string;
  readonly port: number;
  readonly protocol: Protocol;
}

/** Every port that matters to somebody. */
export const services: readonly Service[] = [
  { name: "SSH", port: 22, protocol: "tcp" },
  { name: "DNS", port: 53, protocol: "udp" },
  { name: "HTTP", port: 80, protocol: "tcp" },
  { name: "HTTPS", port: 443, protocol: "tcp" },
  { name: "etcd clients", port: 2379, protocol: "tcp" },
  { name: "etcd peers", port: 2380, protocol: "tcp" },
  { name: "VXLAN", port: 4789, protocol: "udp" },
  { name: "Kubernetes API", port: 6443, protocol: "tcp" },
  { name: "kubelet", port: 10250, protocol: "tcp" },
  { name: "kube-controller-manager", port: 10257, protocol: "tcp" },
  { name: "kube-scheduler", port: 10259, protocol: "tcp" },
  { name: "NodePort", port: 30000, protocol: "tcp" },
  { name: "Talos API", port: 50000, protocol: "tcp" },
  { name: "Talos trustd", port: 50001, protocol: "tcp" },
  { name: "a gateway's own bastion", port: 61000, protocol: "tcp" },
];

/** What came of one question. */
export interface Flow {
  readonly from: Endpoint;
  readonly to: Place;
  readonly service: Service;
  readonly trace: Trace;
}

/** A host of the internet that everybody may ask. */
const farAway = "1.1.1.1";

/**
 * Everybody asks for everything.
 * @param admins Ranges that may administer the cluster
 */
export function matrixOf(network: Network, admins: readonly string[]): Flow[] {
  const places = placesOf(network);
  return partiesOf(network, admins).flatMap((from) =>
    places
      .filter((to) => !isItself(from, to))
      .flatMap((to) =>
        services
          .filter((service) => isAsked(to, service))
          .map((service): Flow => {
            const target = { ...service, address: to.address };
            const trace = connect(network, from.source, target, false);
            return { from, to, service, trace };
          }),
      ),
  );
}

/** Far away, what is asked is the web; the metadata service has one port, and a bastion serves one. */
function isAsked({ kind }: Place, { port }: Service): boolean {
  if (kind === "internet") return port === 443;
  if (kind === "bastion") return port === 22;
  return kind !== "metadata" || port === 80;
}

/** Nobody needs a network to reach himself; the load balancer asks for others. */
function isItself({ source }: Endpoint, { name, kind }: Place): boolean {
  if (source.kind === "internet") return kind === "internet";
  if (source.kind === "load balancer") return kind !== "control plane" && kind !== "worker";
  return source.kind === "host" && source.host.name === name;
}

export function partiesOf(network: Network, admins: readonly string[]): Endpoint[] {
  const hosts = network.hosts.map((host): Endpoint => ({
    kind: host.role,
    name: host.name,
    source: { kind: "host", host },
  }));
  return [
    ...strangers(admins).map((address): Endpoint => ({
      kind: "internet",
      name: `the internet (${address})`,
      source: { kind: "internet", address },
    })),
    ...admins
      .flatMap((range) => ends(range))
      .map((address): Endpoint => ({
        kind: "admin",
        name: `admin (${address})`,
        source: { kind: "internet", address },
      })),
    ...hosts,
    ...network.hosts.flatMap(podOn),
    ...network.loadBalancers.map((loadBalancer): Endpoint => ({
      kind: "load balancer",
      name: loadBalancer.name,
      source: { kind: "load balancer", loadBalancer },
    })),
    ...network.links.map((link) => neighbourOn(network, link)),
  ];
}

/** Some address of the pods' range; which one is no matter to anybody. */
function podOn(host: Host): Endpoint[] {
  const range = parseSubnet(host.podRange ?? "");
  if (range === undefined) return [];
  const address = toAddress(range.first + 10);
  return [{ kind: "pod", name: `pod on ${host.name}`, source: { kind: "pod", host, address } }];
}

/** Another machine on the same network, in no group of the cluster's. */
function neighbourOn(network: Network, link: Link): Endpoint {
  const { first = 0, size = 0 } = parseSubnet(link.range) ?? {};
  const taken = new Set(network.hosts.flatMap((host) => host.interfaces.map((one) => one.address)));
  // From the top, below what clouds keep there for themselves.
  let last = first + size - 5;
  while (taken.has(toAddress(last))) last -= 1;
  const host: Host = {
    name: `a neighbour on the ${link.name}`,
    role: "neighbour",
    by: link.by,
    interfaces: [{ link: link.id, address: toAddress(last), inbound: [], outbound: [] }],
    defaultRoute: { link: link.id },
  };
  return { kind: "neighbour", name: host.name, source: { kind: "host", host } };
}

/** The two ends of a range: what holds for both holds for all between. */
function ends(range: string): string[] {
  const { first = 0, size = 1 } = parseSubnet(range) ?? {};
  return [...new Set([toAddress(first), toAddress(first + size - 1)])];
}

/** Addresses that are no admin's: one from anywhere, and those next to each range. */
function strangers(admins: readonly string[]): string[] {
  const beside = admins.flatMap((range) => {
    const { first = 0, size = 1 } = parseSubnet(range) ?? {};
    return [first - 1, first + size].filter((one) => one > 0 && one < 2 ** 32).map(toAddress);
  });
  const all = ["8.8.8.8", "9.9.9.9", ...beside];
  return [...new Set(all)].filter((address) => !holds(admins, address));
}

export function placesOf(network: Network): Place[] {
  const hosts = network.hosts.flatMap((host) =>
    host.interfaces.flatMap(({ link, address, translated }): Place[] => {
      const { name, role } = host;
      const open: Place["kind"] = role === "bastion" ? "bastion, public" : "node, public";
      const kind = role === "neighbour" ? "worker" : role;
      if (link === internetLink) return [{ kind: open, name, address }];
      const own: Place = { kind, name, address };
      if (translated === undefined) return [own];
      return [own, { kind: open, name, address: translated.address }];
    }),
  );
  const balancers = network.loadBalancers.flatMap((balancer): Place[] => {
    const { name, publicAddress, privateAddress, listenAddress = privateAddress } = balancer;
    const own: Place = { kind: "load balancer", name, address: listenAddress };
    if (publicAddress === undefined) return [own];
    return [{ kind: "load balancer, public", name, address: publicAddress }, own];
  });
  const gateways = new Map(
    network.links.flatMap(({ gateway }): [string, Place][] =>
      gateway?.kind === "nat"
        ? [
            [
              gateway.address,
              { kind: "gateway, public", name: "gateway", address: gateway.address },
            ],
          ]
        : [],
    ),
  );
  return [
    ...hosts,
    ...balancers,
    ...gateways.values(),
    { kind: "metadata", name: "metadata service", address: network.metadata.address },
    { kind: "internet", name: "the internet", address: farAway },
  ];
}
