import { setTimeout as pause } from "node:timers/promises";
import { deleteNode, uncordon } from "../../kubernetes/nodes";
import { unhealthy } from "./gate";
import { releaseAbandonedLock } from "./roll/lock";
import { removeDeadMembers } from "./leave-etcd";
import type { NodeSet } from "./node-set";
import type { Observation, ObservedNode } from "./observation";

/** Cordons of these reasons end when their node is well and nothing is done to it any more. */
export const cordonReasons: readonly string[] = ["replace", "resize", "remove"];
/** In milliseconds: a new node registers within it, once its Talos runs. */
const registration = 60_000;

export interface SettleOptions {
  /** Nodes that are worked on next: what was begun with them is not ended. */
  readonly worked: ReadonlySet<string>;
  readonly say: (text: string) => void;
}

/**
 * Ends what an interrupted run began: cordons of nodes that stay, nodes that left the cluster and
 * whose machine goes on, what machines that are gone left in etcd and in Kubernetes, and the lock that
 * the run has held. Only what answers is judged.
 * @throws NoConnection
 */
export async function settle(nodes: NodeSet, { worked, say }: SettleOptions): Promise<void> {
  const observation = await nodes.observe();
  if (observation.members.length > 0) await settleMembers(nodes, observation, say);
  if (observation.kubernetesProblem !== undefined) return;
  const connection = await nodes.connection();
  const kubernetes = await connection.kubernetes();
  await releaseAbandonedLock(connection);
  for (const { name: hostname, ready } of observation.strangers) {
    const name = nodes.nameOf(hostname);
    // One that is ready has a machine that the state does not know: a user decides.
    if (name === undefined || ready || nodes.has(name)) continue;
    await deleteNode(kubernetes, hostname);
    say(`${name} has no machine any more: removed from Kubernetes.`);
  }
  const staying = observation.nodes.filter(({ name }) => !worked.has(name));
  for (const { name, kubernetes: object, talos } of staying) {
    if (!cordonReasons.includes(object?.cordonedFor ?? "")) continue;
    if (talos?.status.stage !== "running") continue;
    await uncordon(kubernetes, nodes.hostname(name));
    say(`${name} was cordoned by an interrupted run: uncordoned.`);
  }
  await bringBack(nodes, staying.filter(hasLeft), say);
}

async function settleMembers(
  nodes: NodeSet,
  { members }: Observation,
  say: (text: string) => void,
): Promise<void> {
  const addresses = (await nodes.known()).map(({ address }) => address);
  if (members.every(({ address }) => addresses.includes(address))) return;
  const removed = await removeDeadMembers(nodes);
  if (removed.length > 0) {
    say(`Removed from etcd, because their machines are gone: ${removed.join(", ")}.`);
  }
}

/** Nodes that a run took out before it was interrupted join again when they boot. */
async function bringBack(
  nodes: NodeSet,
  gone: readonly ObservedNode[],
  say: (text: string) => void,
): Promise<void> {
  let left = gone.map(({ name }) => name);
  const end = Date.now() + registration;
  while (left.length > 0 && Date.now() < end) {
    const observation = await nodes.observe();
    left = observation.nodes.filter(hasLeft).flatMap(({ name }) => {
      return left.includes(name) ? [name] : [];
    });
    if (left.length > 0) await pause(1000);
  }
  for (const name of left) {
    const address = await nodes.addressOf(name);
    if (address === undefined) continue;
    say(
      `${name} had left the cluster when a run was interrupted: restarted, so that it joins again.`,
    );
    await (await (await nodes.connection()).node(address)).reboot();
  }
}

/**
 * What is wrong with a cluster besides what is settled.
 * @param worked Nodes that are worked on next
 */
export function unsettled(observation: Observation, worked: ReadonlySet<string>): string[] {
  const { members, nodes } = observation;
  const addresses = nodes.map(({ address }) => address);
  const settled: Observation = {
    ...observation,
    members: members.filter(({ address }) => addresses.includes(address)),
    nodes: nodes.map((node) => {
      const { kubernetes } = node;
      const isOurs = cordonReasons.includes(kubernetes?.cordonedFor ?? "");
      return kubernetes !== undefined && isOurs
        ? { ...node, kubernetes: { ...kubernetes, cordoned: false } }
        : node;
    }),
  };
  const left = nodes.filter(hasLeft).map(({ name }) => name);
  return unhealthy(settled, [...worked, ...left]);
}

/** Its Talos runs, and Kubernetes does not know it. */
function hasLeft({ talos, kubernetes }: ObservedNode): boolean {
  return talos?.status.stage === "running" && kubernetes === undefined;
}
