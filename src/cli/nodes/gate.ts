import { setTimeout as pause } from "node:timers/promises";
import type { NodeConnection } from "./connection";
import type { KnownNode, Observation, ObservedNode } from "./observation";
import { observe } from "./observe";

export interface GateOptions {
  /** In milliseconds. @default 10 minutes: a node boots, and its pods are pulled again */
  readonly patience?: number;
  /** In milliseconds, between two looks. @default 2 s */
  readonly between?: number;
  /** Nodes that are being worked on: whether they are well is not asked. */
  readonly except?: readonly string[];
  /** Called with what is still missing, whenever that changes. */
  readonly tell?: (missing: readonly string[]) => void;
}

/** The cluster did not become healthy in time. */
export class GateClosed extends Error {
  constructor(
    /** "control-plane-1: etcd: learner", each thing that is not as it must be. */
    readonly missing: readonly string[],
  ) {
    super(missing.join("; "));
  }
}

/**
 * What must be true before the next node is touched: every member of etcd started and voting, equal
 * lists everywhere, one leader, no alarm; every API server ready; every node running, Ready and
 * uncordoned, its static pods ready.
 * @returns each thing that is not so; nothing for a healthy cluster
 */
export function unhealthy(observation: Observation, except: readonly string[] = []): string[] {
  const nodes = observation.nodes.filter(({ name }) => !except.includes(name));
  return [
    ...etcdProblems(observation, nodes),
    ...(observation.kubernetesProblem === undefined
      ? []
      : [`Kubernetes does not answer: ${observation.kubernetesProblem}`]),
    ...nodes.flatMap((node) => nodeProblems(node, observation)),
  ];
}

/**
 * Resolves when the cluster is healthy.
 * @returns the last observation
 * @throws GateClosed after the patience
 */
export async function waitForGate(
  connection: NodeConnection,
  known: readonly KnownNode[],
  { patience = 10 * 60_000, between = 2000, except = [], tell }: GateOptions = {},
): Promise<Observation> {
  const end = Date.now() + patience;
  for (let before = ""; ;) {
    const observation = await observe(connection, known);
    const missing = unhealthy(observation, except);
    if (missing.length === 0) return observation;
    if (missing.join() !== before) tell?.(missing);
    before = missing.join();
    if (Date.now() >= end) throw new GateClosed(missing);
    await pause(between);
  }
}

function etcdProblems(observation: Observation, nodes: readonly ObservedNode[]): string[] {
  const { members, disagreeing, alarms } = observation;
  const controlPlanes = nodes.filter(({ role }) => role === "controlplane");
  if (members.length === 0) return ["etcd does not answer"];
  const known = observation.nodes.map(({ address }) => address);
  const leaders = new Set(controlPlanes.flatMap(({ etcd }) => etcd?.leader ?? []));
  return [
    ...alarms.map((alarm) => `etcd: alarm ${alarm}`),
    ...members.flatMap(({ id, hostname, address, isLearner }) => {
      if (hostname === "") return [`etcd: member ${id} (${address}) has not started`];
      if (isLearner) return [`etcd: ${hostname} is a learner, not a voting member yet`];
      return known.includes(address) ? [] : [`etcd: ${hostname} (${address}) is none of the nodes`];
    }),
    ...disagreeing.map((name) => `etcd: ${name} knows other members`),
    ...(leaders.size > 1 ? ["etcd: the members do not agree on a leader"] : []),
    ...(leaders.has("0") || leaders.size === 0 ? ["etcd: no leader"] : []),
    ...controlPlanes.flatMap(({ name, address, etcd }) => {
      if (!members.some((member) => member.address === address)) {
        return [`etcd: ${name} is not a member`];
      }
      if (etcd === undefined) return [`etcd: ${name} does not answer`];
      return etcd.errors.map((error) => `etcd: ${name}: ${error}`);
    }),
  ];
}

function nodeProblems(
  node: ObservedNode,
  { components, kubernetesProblem }: Observation,
): string[] {
  const { name, talos, kubernetes, apiReady } = node;
  const of = (text: string) => `${name}: ${text}`;
  const problems: string[] = [];
  if (talos === undefined) {
    problems.push(of(`Talos does not answer: ${node.problem ?? "unknown"}`));
  } else if (talos.status.stage !== "running") {
    problems.push(of(`it is ${talos.status.stage}`));
  } else if (!talos.status.ready) {
    problems.push(of(`not ready: ${talos.status.unmet.join(", ")}`));
  }
  if (apiReady === false) problems.push(of("its API server is not ready"));
  if (kubernetesProblem !== undefined) return problems;
  if (kubernetes === undefined) return [...problems, of("Kubernetes does not know it")];
  if (!kubernetes.ready) problems.push(of("not Ready in Kubernetes"));
  if (kubernetes.cordoned) problems.push(of("cordoned"));
  const waiting = components.filter((one) => one.node === node.address && !one.ready);
  problems.push(...waiting.map((one) => of(`${one.name} is not ready`)));
  return problems;
}
