import type { ClusterSpec } from "../../../../constructs/model/cluster-spec";
import type { EndpointKind, DestinationKind } from "../../../../simulator/reachability/matrix";
import type { Explained } from "../network";
import type { Row } from "../rows";

/** A box of the picture. */
export interface Box {
  readonly id: string;
  readonly title: string;
  /** Lines below the title. */
  readonly lines: readonly string[];
  /** Its frame; undefined for what is outside. */
  readonly frame?: string;
}

/** A frame around boxes. */
export interface Frame {
  readonly id: string;
  readonly title: string;
  readonly frame?: string;
}

/** Who may connect to whom, on which ports. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly ports: readonly string[];
}

export interface Drawing {
  readonly frames: readonly Frame[];
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** The box of an endpoint; those without a box are in the tables only. */
export const boxOfParty: Readonly<Partial<Record<EndpointKind, string>>> = {
  admin: "admin",
  internet: "internet",
  bastion: "bastion",
  "load balancer": "balancer",
  "control plane": "control-plane",
  worker: "worker",
};

export const boxOfPlace: Readonly<Partial<Record<DestinationKind, string>>> = {
  "bastion, public": "bastion",
  bastion: "bastion",
  "load balancer, public": "balancer",
  "load balancer": "balancer",
  "control plane": "control-plane",
  worker: "worker",
  "gateway, public": "gateway",
  internet: "internet",
};

/** Maximum number of nodes of a zone that the picture names. */
const named = 6;

/** The drawing of a network: its boxes, and every allowed flow between them. */
export function drawingOf(
  network: Explained["network"],
  rows: readonly Row[],
  spec: ClusterSpec,
): Drawing {
  const hasWorkers = network.hosts.some(({ role }) => role === "worker");
  const isSplit = network.links.length > 1;
  const publicLink = network.loadBalancers[0]?.link;
  const publicFrame = isSplit ? "public" : "network";
  const balancers = network.loadBalancers.map(
    ({ name, listenAddress, privateAddress, listeners }): Box => ({
      id: "balancer",
      title: name,
      lines: [
        listenAddress ?? privateAddress,
        ...listeners.map(({ port, backends }) => `${port} → ${backends.length} control planes`),
      ],
      frame: publicFrame,
    }),
  );
  const gateway = network.links.find((link) => link.gateway?.kind === "nat")?.gateway;
  return {
    frames: [
      { id: "network", title: `private network ${String(spec.network)}` },
      ...network.links
        .filter(({ id }) => isSplit && id === publicLink)
        .map(({ name, range }) => ({ id: "public", title: `${name} ${range}`, frame: "network" })),
    ],
    boxes: [
      { id: "admin", title: "admin", lines: spec.adminNetworks.map(String).slice(0, named) },
      { id: "internet", title: "the internet", lines: [] },
      ...balancers,
      ...(gateway === undefined
        ? []
        : [{ id: "gateway", title: "NAT gateway", lines: ["outbound only"], frame: publicFrame }]),
      ...network.hosts
        .filter(({ role }) => role === "bastion")
        .map((): Box => ({
          id: "bastion",
          title: "bastion",
          lines: [spec.bastion.address, "SSH, forwarding alone"],
          frame: publicFrame,
        })),
      nodesBox(network, spec, "control plane"),
      ...(hasWorkers ? [nodesBox(network, spec, "worker")] : []),
    ],
    arrows: arrowsOf(rows),
  };
}

/** The nodes of a role, by zone. */
function nodesBox(
  { hosts, links }: Explained["network"],
  spec: ClusterSpec,
  role: "control plane" | "worker",
): Box {
  const own = hosts.filter((host) => host.role === role);
  const zoneOf = (name: string) => spec.nodes.find((node) => node.name === name)?.zone ?? "";
  const zones = [...new Set(own.map(({ name }) => zoneOf(name)))];
  const lines = zones.flatMap((zone) => {
    const there = own.filter(({ name }) => zoneOf(name) === zone);
    const [first] = there.flatMap(({ interfaces }) => interfaces);
    const link = links.length > 1 ? links.find(({ id }) => id === first?.link) : undefined;
    return [
      link === undefined ? zone : `${zone}, subnet ${link.range}`,
      ...namedOf(there).map(({ name, interfaces }) => `  ${name} ${interfaces[0]?.address ?? ""}`),
      ...(there.length > named ? [`  and ${there.length - named} more`] : []),
    ];
  });
  const title = `${own.length} ${role}${own.length === 1 ? "" : "s"}`;
  return { id: role.replace(" ", "-"), title, lines, frame: "network" };
}

/** As many as the picture names, with the first one of each pool. */
function namedOf<T extends { readonly name: string }>(nodes: readonly T[]): readonly T[] {
  const pools = nodes.map(({ name }) => name.replace(/-\d+$/, ""));
  const firsts = nodes.filter((_node, index) => pools.indexOf(pools[index] ?? "") === index);
  const chosen = new Set([...new Set([...firsts, ...nodes])].slice(0, named));
  return nodes.filter((node) => chosen.has(node));
}

/** One arrow for everything allowed between two boxes; outbound traffic passes the gateway. */
function arrowsOf(rows: readonly Row[]): Arrow[] {
  const arrows = new Map<string, { from: string; to: string; ports: Set<string> }>();
  const add = (from: string, to: string, ports: readonly string[]) => {
    const arrow = arrows.get(`${from} ${to}`) ?? { from, to, ports: new Set() };
    arrows.set(`${from} ${to}`, arrow);
    for (const port of ports) arrow.ports.add(port);
  };
  for (const { source: from, place, ports, reached } of rows) {
    const [source, target] = [boxOfParty[from], boxOfPlace[place]];
    if (!reached || source === undefined || target === undefined) continue;
    if (source === target || (source === "admin" && target === "internet")) continue;
    if (target !== "internet") {
      const short = ports.map((port) => port.replace("/tcp", ""));
      add(source, target, short);
    } else if (source === "bastion") add(source, target, ["out"]);
    else {
      add(source, "gateway", ["out"]);
      add("gateway", "internet", ["out"]);
    }
  }
  return [...arrows.values()].map((arrow) => ({ ...arrow, ports: [...arrow.ports] }));
}
