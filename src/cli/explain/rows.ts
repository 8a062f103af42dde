import type { Flow, EndpointKind, DestinationKind } from "../../../simulator/reachability/matrix";
import { why } from "./guarantees";

/** Equal flows: the same kinds of source, target and outcome, for the same reason. */
export interface Row {
  readonly source: EndpointKind;
  readonly place: DestinationKind;
  /** Pods connect to their own node, which no rule of the cloud filters. */
  readonly isOwn: boolean;
  /** "6443/tcp" */
  readonly ports: readonly string[];
  readonly reached: boolean;
  /** What allows it, or what refuses it. */
  readonly because: string;
  /** Number of flows in it. */
  readonly count: number;
}

const sourceNames: Readonly<Record<EndpointKind, string>> = {
  internet: "the internet",
  admin: "an admin",
  bastion: "the bastion",
  "control plane": "a control plane",
  worker: "a worker",
  pod: "a pod",
  "load balancer": "the load balancer",
  neighbour: "a neighbour on the network",
};

const placeNames: Readonly<Record<DestinationKind, string>> = {
  "bastion, public": "the bastion, by its public address",
  bastion: "the bastion",
  "load balancer, public": "the load balancer, by its public address",
  "load balancer": "the load balancer",
  "node, public": "a node, by a public address",
  "control plane": "a control plane",
  worker: "a worker",
  "gateway, public": "the NAT gateway",
  metadata: "the metadata service",
  internet: "the internet",
};

/** Both ends of a row. */
export function endsOf({ source, place, isOwn }: Row): { from: string; to: string } {
  const to = placeNames[place];
  return { from: sourceNames[source], to: isOwn ? to.replace(/^a /, "its own ") : to };
}

/** A row for JSON. */
export function plain(row: Row): object {
  const { ports, reached, because, count } = row;
  return { ...endsOf(row), ports, reached, because, count };
}

/** Groups equal flows, in the order of the matrix. */
export function rowsOf(flows: readonly Flow[]): Row[] {
  const rows = new Map<string, Omit<Row, "ports"> & { ports: Set<string>; count: number }>();
  const reasons = new Map<string, string>();
  const workers = workersIn(flows);
  for (const flow of flows) {
    const { from, to, service, trace } = flow;
    const full = why(flow);
    const because = reasons.get(full) ?? withoutNames(full, workers);
    reasons.set(full, because);
    const isOwn = from.source.kind === "pod" && from.source.host.name === to.name;
    const key = [from.kind, to.kind, isOwn, because, trace.reached].join("|");
    const row = rows.get(key) ?? {
      source: from.kind,
      place: to.kind,
      isOwn,
      ports: new Set(),
      reached: trace.reached,
      because,
      count: 0,
    };
    rows.set(key, row);
    row.ports.add(`${service.port}/${service.protocol}`);
    row.count += 1;
  }
  return [...rows.values()].map((row) => ({ ...row, ports: [...row.ports] }));
}

/** The same rule of several nodes is one reason, and so are several addresses. */
function withoutNames(reason: string, pools: RegExp): string {
  return reason
    .replaceAll(pools, "worker-*")
    .replaceAll(/(control[-_]plane|worker)[-_]\d+/g, "$1-*")
    .replaceAll(/\d+\.\d+\.\d+\.\d+(?!\/)/g, "*")
    .replaceAll(/\[\d+\]/g, "");
}

/** Matches the names of workers: those of every pool have the same rules. */
function workersIn(flows: readonly Flow[]): RegExp {
  const names = flows.flatMap(({ to }) => (to.kind === "worker" ? [to.name] : []));
  const pools = new Set(["worker", ...names.map((name) => name.replace(/-\d+$/, ""))]);
  const forms = [...pools].map((pool) => pool.replaceAll("-", "[-_]"));
  return new RegExp(`(?<![\\w-])(?:${forms.join("|")})[-_]\\d+`, "g");
}
