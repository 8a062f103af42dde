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

/** A source of connections. */
export interface Endpoint {
  readonly kind: EndpointKind;
  readonly name: string;
  readonly source: Source;
}

export type DestinationKind =
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

/** An address to connect to. */
export interface Destination {
  readonly kind: DestinationKind;
  /** The name of its owner. */
  readonly name: string;
  readonly address: string;
}

export interface Service {
  readonly name: string;
  readonly port: number;
  readonly protocol: Protocol;
}

/** Every port that matters to any of them. */
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

/** The result of one connection. */
export interface Flow {
  readonly from: Endpoint;
  readonly to: Destination;
  readonly service: Service;
  readonly trace: Trace;
}

/** A host on the internet that everyone may connect to. */
const farAway = "1.1.1.1";

/**
 * Connects every source to every target.
 * @param admins Ranges that may administer the cluster
 * @param further Ports beside those that matter to every cluster
 */
export function matrixOf(
  network: Network,
  admins: readonly string[],
  further: readonly Service[] = [],
): Flow[] {
  const destinations = destinationsOf(network);
  const all = [
    ...services,
    ...further.filter((one) => !services.some((known) => isSame(one, known))),
  ];
  return endpointsOf(network, admins).flatMap((from) =>
    destinations
      .filter((to) => !isItself(from, to))
      .flatMap((to) =>
        all
          .filter((service) => isOffered(to, service))
          .map((service): Flow => {
            const target = { ...service, address: to.address };
            const trace = connect(network, from.source, target, false);
            return { from, to, service, trace };
          }),
      ),
  );
}

function isSame(one: Service, other: Service): boolean {
  return one.port === other.port && one.protocol === other.protocol;
}

/** On the internet only web ports are tried; the metadata service has one port, and a bastion serves one. */
function isOffered({ kind }: Destination, { port }: Service): boolean {
  if (kind === "internet") return port === 443;
  if (kind === "bastion") return port === 22;
  return kind !== "metadata" || port === 80;
}

/** No machine needs the network to reach itself; a load balancer connects on behalf of others. */
function isItself({ source }: Endpoint, { name, kind }: Destination): boolean {
  if (source.kind === "internet") return kind === "internet";
  if (source.kind === "load balancer") return kind !== "control plane" && kind !== "worker";
  return source.kind === "host" && source.host.name === name;
}

export function endpointsOf(network: Network, admins: readonly string[]): Endpoint[] {
  const hosts = network.hosts.map((host): Endpoint => ({
    kind: host.role,
    name: host.name,
    source: { kind: "host", host },
  }));
  return [
    ...outsideAddresses(admins).map((address): Endpoint => ({
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

/** An address of the pods' range; any will do. */
function podOn(host: Host): Endpoint[] {
  const range = parseSubnet(host.podRange ?? "");
  if (range === undefined) return [];
  const address = toAddress(range.first + 10);
  return [{ kind: "pod", name: `pod on ${host.name}`, source: { kind: "pod", host, address } }];
}

/** Another machine on the same network, in none of the cluster's groups. */
function neighbourOn(network: Network, link: Link): Endpoint {
  const { first = 0, size = 0 } = parseSubnet(link.range) ?? {};
  const taken = new Set(network.hosts.flatMap((host) => host.interfaces.map((one) => one.address)));
  // From the top, below the addresses that clouds reserve there.
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

/** Both ends of a range: what holds for both holds for all between. */
function ends(range: string): string[] {
  const { first = 0, size = 1 } = parseSubnet(range) ?? {};
  return [...new Set([toAddress(first), toAddress(first + size - 1)])];
}

/** Addresses outside the admins' ranges: one from anywhere, and those next to each range. */
function outsideAddresses(admins: readonly string[]): string[] {
  const beside = admins.flatMap((range) => {
    const { first = 0, size = 1 } = parseSubnet(range) ?? {};
    return [first - 1, first + size].filter((one) => one > 0 && one < 2 ** 32).map(toAddress);
  });
  const all = ["8.8.8.8", "9.9.9.9", ...beside];
  return [...new Set(all)].filter((address) => !holds(admins, address));
}

export function destinationsOf(network: Network): Destination[] {
  const hosts = network.hosts.flatMap((host) =>
    host.interfaces.flatMap(({ link, address, translated }): Destination[] => {
      const { name, role } = host;
      const open: Destination["kind"] = role === "bastion" ? "bastion, public" : "node, public";
      const kind = role === "neighbour" ? "worker" : role;
      if (link === internetLink) return [{ kind: open, name, address }];
      const own: Destination = { kind, name, address };
      if (translated === undefined) return [own];
      return [own, { kind: open, name, address: translated.address }];
    }),
  );
  const balancers = network.loadBalancers.flatMap((balancer): Destination[] => {
    const { name, publicAddress, privateAddress, listenAddress = privateAddress } = balancer;
    const own: Destination = { kind: "load balancer", name, address: listenAddress };
    if (publicAddress === undefined) return [own];
    return [{ kind: "load balancer, public", name, address: publicAddress }, own];
  });
  const gateways = new Map(
    network.links.flatMap(({ gateway }): [string, Destination][] =>
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
