import { setTimeout as pause } from "node:timers/promises";
import type { NodeConnection } from "../nodes/connection";
import type { KnownNode } from "../nodes/observation";
import { etcdState } from "./recover-etcd";

/** A control plane as it answers. */
export interface Member {
  /** "control-plane-0" */
  readonly name: string;
  /** Undefined: it does not answer. */
  readonly bootId: string | undefined;
  /** Of its etcd, by Talos's names: "Running". @default - it does not answer */
  readonly state?: string;
  /** Whether its etcd has a leader, and so a quorum. */
  readonly hasLeader: boolean;
}

export interface Etcd {
  readonly members: readonly Member[];
  readonly hasQuorum: boolean;
}

/** In milliseconds: a leader that has just gone is known for as long as an election takes. */
const election = 5000;

/** Asks every control plane; a quorum is lost only where two looks say so. */
export async function lookAtEtcd(
  connection: NodeConnection,
  controlPlanes: readonly KnownNode[],
): Promise<Etcd> {
  const look = () => Promise.all(controlPlanes.map((node) => memberAt(connection, node)));
  const first = await look();
  if (!first.some(({ hasLeader }) => hasLeader)) return { members: first, hasQuorum: false };
  await pause(election);
  const second = await look();
  return { members: second, hasQuorum: second.some(({ hasLeader }) => hasLeader) };
}

/** A line for each control plane. */
export function describeQuorum(title: string, { members, hasQuorum }: Etcd): string {
  const lines = members.map(({ name, bootId, state, hasLeader }) => {
    if (bootId === undefined) return `  ${name}: does not answer`;
    const leader = hasLeader ? "" : ", without a leader";
    return `  ${name}: etcd ${state === undefined || state === "" ? "does not run" : `is ${state}${leader}`}`;
  });
  const verdict = hasQuorum ? "etcd works" : "etcd has no quorum";
  return `${title}: ${verdict}.\n\n${lines.join("\n")}`;
}

async function memberAt(connection: NodeConnection, node: KnownNode): Promise<Member> {
  const { name, address } = node;
  try {
    const api = await connection.node(address);
    const bootId = await api.bootId();
    const state = (await etcdState(connection, node)) ?? "";
    return { name, bootId, state, hasLeader: await hasLeader(api) };
  } catch {
    return { name, bootId: undefined, hasLeader: false };
  }
}

async function hasLeader(api: Awaited<ReturnType<NodeConnection["node"]>>): Promise<boolean> {
  try {
    return (await api.etcdStatus()).leader !== "0";
  } catch {
    return false;
  }
}
