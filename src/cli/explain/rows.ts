import type { Flow, PartyKind, PlaceKind } from "../../../simulator/network/matrix";
import { why } from "./guarantees";

/** Flows that are alike: the same sort of party, place and outcome, for the same reason. */
export interface Row {
  readonly from: string;
  readonly to: string;
  /** "6443/tcp" */
  readonly ports: readonly string[];
  readonly reached: boolean;
  /** What lets it pass, or what refuses it. */
  readonly because: string;
  /** How many flows it stands for. */
  readonly count: number;
}

export const partyNames: Readonly<Record<PartyKind, string>> = {
  internet: "the internet",
  admin: "an admin",
  bastion: "the bastion",
  "control plane": "a control plane",
  worker: "a worker",
  pod: "a pod",
  "load balancer": "the load balancer",
  neighbour: "a neighbour on the network",
};

export const placeNames: Readonly<Record<PlaceKind, string>> = {
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

/** Gathers what is alike, in the order of the matrix. */
export function rowsOf(flows: readonly Flow[]): Row[] {
  const rows = new Map<string, Row>();
  for (const flow of flows) {
    const from = partyNames[flow.from.kind];
    const to = placeNames[flow.to.kind];
    const { reached } = flow.trace;
    const because = withoutNames(why(flow));
    const key = JSON.stringify([from, to, reached, because]);
    const before = rows.get(key);
    const port = `${flow.service.port}/${flow.service.protocol}`;
    const ports = [...new Set([...(before?.ports ?? []), port])];
    rows.set(key, { from, to, ports, reached, because, count: (before?.count ?? 0) + 1 });
  }
  return [...rows.values()];
}

/** The same rule of several nodes is one reason, and so are several addresses. */
function withoutNames(reason: string): string {
  return reason
    .replaceAll(/(control[-_]plane|worker)[-_]\d+/g, "$1-*")
    .replaceAll(/\d+\.\d+\.\d+\.\d+(?!\/)/g, "*")
    .replaceAll(/\[\d+\]/g, "");
}
