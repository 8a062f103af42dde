import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../../errors";
import type { EtcdMember } from "../../talos/node";
import { TalosError } from "../../talos/talos-error";
import type { NodeSet } from "./node-set";

/** In milliseconds, for the others to know that a member left: Talos itself tries for as long. */
const patience = 5 * 60_000;

/** Hands over etcd's leadership where a node has it. */
export async function handOver(nodes: NodeSet, name: string): Promise<void> {
  const address = await nodes.addressOf(name);
  if (address === undefined) return;
  try {
    await (await (await nodes.connection()).node(address)).forfeitLeadership();
  } catch (error) {
    // A node that is down leads nothing; etcd elects another without it.
    if (!(error instanceof TalosError)) throw error;
  }
}

/**
 * Takes a control plane out of etcd: by itself, or by another member where it does not answer.
 * Resolves when the others know it.
 * @throws UserError when etcd refuses; TalosError where it is not known whether it left
 */
export async function leaveEtcd(nodes: NodeSet, name: string): Promise<void> {
  const end = Date.now() + patience;
  let asked: string | undefined;
  for (;;) {
    const member = await memberOf(nodes, name);
    if (member === undefined) return;
    if (Date.now() > end) return removeMember(nodes, name, member);
    // One whose machine boots meanwhile joins again, as another member.
    if (member.id === asked || !(await askToLeave(nodes, name, member, asked !== undefined))) {
      await pause(500);
    } else asked = member.id;
  }
}

/**
 * @param isAgain Whether it has left before, and joined again: it may be booting, and refuse
 * @returns whether it leaves, or was removed
 */
async function askToLeave(
  nodes: NodeSet,
  name: string,
  member: EtcdMember,
  isAgain: boolean,
): Promise<boolean> {
  await handOver(nodes, name);
  const address = (await nodes.addressOf(name)) ?? member.address;
  try {
    await (await (await nodes.connection()).node(address)).leaveEtcd();
    return true;
  } catch (error) {
    const problem = TalosError.of(error);
    if (!problem.isUnreachable) {
      if (isAgain) return false;
      throw refusal(name, problem);
    }
    // It may have left, and the answer got lost.
    if ((await memberOf(nodes, name))?.id !== member.id) return true;
    // The tunnel was away, not the node: it is asked again.
    if (await isRunning(nodes, address)) throw problem;
    await removeMember(nodes, name, member);
    return true;
  }
}

/**
 * Removes members whose machine does not exist: neither does the state have it, nor does it answer.
 * @returns their names
 * @throws UserError for one that answers
 */
export async function removeDeadMembers(nodes: NodeSet): Promise<string[]> {
  const addresses = (await nodes.known()).map(({ address }) => address);
  const survivor = await nodes.survivor();
  const dead = (await survivor.members()).filter(({ address }) => !addresses.includes(address));
  for (const { hostname, address } of dead) {
    if (!(await isRunning(nodes, address))) continue;
    throw new UserError(
      `${hostname} (${address}) is a member of etcd and answers, and the state has no machine of it: the state ` +
        "is older than the cluster, or another machine has joined. Nothing was changed.",
    );
  }
  for (const member of dead) await removeMember(nodes, member.hostname || member.address, member);
  return dead.map(({ hostname, address }) => hostname || address);
}

async function isRunning(nodes: NodeSet, address: string): Promise<boolean> {
  try {
    await (await (await nodes.connection()).node(address)).version();
    return true;
  } catch (error) {
    return error instanceof TalosError && !error.isUnreachable;
  }
}

/** etcd itself refuses what would cost it its quorum. */
async function removeMember(nodes: NodeSet, name: string, { id }: EtcdMember): Promise<void> {
  try {
    await (await nodes.survivor()).removeMember(id);
  } catch (error) {
    throw refusal(name, TalosError.of(error));
  }
}

function refusal(name: string, { message }: TalosError): UserError {
  return new UserError(
    `${name} could not leave etcd: ${message}\n\nIts machine was not touched. Run the same command again.`,
  );
}

async function memberOf(nodes: NodeSet, name: string): Promise<EtcdMember | undefined> {
  const address = await nodes.addressOf(name);
  const members = await (await nodes.survivor()).members();
  return members.find(
    (member) => member.hostname === nodes.hostname(name) || member.address === address,
  );
}
