import { unavailable } from "../../talos/api/rpc-error";
import type { TalosNode } from "../../talos/nodes/node";
import type { EtcdClient } from "./client";

/** A node that wants into its cluster, or up in it. */
interface Candidate {
  readonly node: TalosNode;
  remote(other: TalosNode): Promise<EtcdClient>;
}

/**
 * Adds a node with an empty disk to its cluster as a learner, as Talos does: the member of its own
 * hostname, whose data is lost, is removed before.
 *
 * @param others Nodes that are asked, in this order, until one answers.
 * @returns etcd's initial-cluster
 * @throws RpcError
 */
export async function joinCluster(
  candidate: Candidate,
  others: readonly TalosNode[],
): Promise<string> {
  return asking(candidate, others, async (client) => {
    const { hostname, address } = candidate.node;
    const before = await client.call("Cluster.MemberList", { linearizable: true });
    for (const { id, name } of before.members) {
      if (name === hostname) await client.call("Cluster.MemberRemove", { id });
    }
    const { member } = await client.call("Cluster.MemberAdd", {
      peer_urls: [`https://${address}:2380`],
      is_learner: true,
    });
    const { members } = await client.call("Cluster.MemberList", { linearizable: true });
    return members
      .flatMap(({ id, name, peer_urls }) =>
        peer_urls.map((url) => `${id === member.id ? hostname : name}=${url}`),
      )
      .join();
  });
}

/**
 * Makes a learner a voting member.
 *
 * @throws RpcError FailedPrecondition until it has caught up with the leader
 */
export async function promote(
  candidate: Candidate,
  others: readonly TalosNode[],
  id: string,
): Promise<void> {
  await asking(candidate, others, (client) => client.call("Cluster.MemberPromote", { id }));
}

async function asking<T>(
  candidate: Candidate,
  others: readonly TalosNode[],
  ask: (client: EtcdClient) => Promise<T>,
): Promise<T> {
  let failure: unknown = unavailable("no endpoints");
  for (const other of others) {
    const client = await candidate.remote(other);
    try {
      return await ask(client);
    } catch (error) {
      failure = error;
    } finally {
      client.close();
    }
  }
  throw failure;
}
