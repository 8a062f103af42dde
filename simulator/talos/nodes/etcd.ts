import type { Store } from "../../store";
import { RpcError } from "../api/rpc-error";
import type { TalosNode } from "./node";

const CLUSTERS = "talos.etcd";

export interface EtcdMember {
  /** Id of the machine whose disk holds its data. */
  readonly machine: string;
  readonly hostname: string;
  readonly address: string;
}

interface EtcdCluster {
  members: EtcdMember[];
}

/**
 * The etcd of every cluster, as stored on its members' disks: a replaced machine comes with an
 * empty disk, and the data is lost with its last machine.
 */
export class Etcd {
  constructor(private readonly store: Store) {}

  members(clusterId: string): readonly EtcdMember[] {
    return this.store.get<EtcdCluster>(CLUSTERS, clusterId)?.members ?? [];
  }

  /** @throws RpcError AlreadyExists when the node's disk holds etcd data. */
  bootstrap(node: TalosNode): void {
    const clusterId = node.configuration?.clusterId ?? "";
    if (this.members(clusterId).some(({ machine }) => machine === node.id)) {
      throw new RpcError("AlreadyExists", "etcd data directory is not empty");
    }
    this.store.put(CLUSTERS, clusterId, { members: [memberOf(node)] });
  }

  /**
   * Automatic changes: control planes with an empty disk join while a quorum is alive, each first
   * removing the dead member of its own name.
   *
   * @param machines Ids of all existing machines.
   */
  settle(nodes: readonly TalosNode[], machines: ReadonlySet<string>): void {
    for (const [id, cluster] of Object.entries(this.store.all<EtcdCluster>(CLUSTERS))) {
      if (!cluster.members.some(({ machine }) => machines.has(machine))) {
        this.store.remove(CLUSTERS, id);
        continue;
      }
      for (const node of nodes) {
        if (node.stage === "ready" && node.isControlPlane && node.configuration?.clusterId === id) {
          this.join(cluster, node, nodes);
        }
      }
    }
  }

  private join(cluster: EtcdCluster, node: TalosNode, nodes: readonly TalosNode[]): void {
    const isMember = cluster.members.some(({ machine }) => machine === node.id);
    const alive = cluster.members.filter(({ machine }) =>
      nodes.some(({ id, stage }) => id === machine && ["up", "syncing", "ready"].includes(stage)),
    );
    if (isMember || alive.length <= cluster.members.length / 2) return;
    const others = cluster.members.filter(({ hostname }) => hostname !== node.hostname);
    cluster.members = [...others, memberOf(node)];
    this.store.save();
  }
}

function memberOf(node: TalosNode): EtcdMember {
  return { machine: node.id, hostname: node.hostname, address: node.address };
}
