import { randomBytes } from "node:crypto";

import type { Store } from "../../store";
import { RpcError } from "../api/rpc-error";
import type { EtcdAlarm, EtcdMember, EtcdService, EtcdStatus } from "./etcd-service";
import { runsPrograms, type TalosNode } from "./node";
import { etcdVersionOf } from "./talos-version";

const CLUSTERS = "talos.etcd";
/** How often each cluster was bootstrapped; kept after it was destroyed. */
const BOOTSTRAPS = "talos.bootstraps";

/** A member in the table, with the machine whose disk holds its data. */
interface Row {
  readonly id: string;
  readonly machine: string;
  readonly hostname: string;
  readonly address: string;
}

interface EtcdCluster {
  members: Row[];
  /** Id of the member that leads, as long as it is alive. */
  leader?: string;
  /** Machines that were removed while their disk held data. */
  removed?: string[];
  /** Machines that left, with the boot in which they did: they join again in another. */
  left?: Record<string, string>;
  /** Changes of the members, which is all that is ever written. */
  changes?: number;
}

/**
 * The etcd of every cluster as a table of its members, as stored on their machines' disks: a
 * replaced machine comes with an empty disk, and the data is lost with its last machine. It holds no
 * keys: what needs them is refused.
 */
export class SimulatedEtcd implements EtcdService {
  private nodes: readonly TalosNode[] = [];

  constructor(private readonly store: Store) {}

  /** Whether the node's disk holds a member of its cluster. */
  isMember(node: TalosNode): boolean {
    return this.rowOf(node) !== undefined;
  }

  /**
   * Automatic changes: control planes with an empty disk join while a quorum is alive, each first
   * removing the dead member of its own name.
   *
   * @param machines Ids of all existing machines.
   */
  settle(nodes: readonly TalosNode[], machines: ReadonlySet<string>): void {
    this.nodes = nodes;
    for (const [id, cluster] of Object.entries(this.store.all<EtcdCluster>(CLUSTERS))) {
      if (!cluster.members.some(({ machine }) => machines.has(machine))) {
        this.store.remove(CLUSTERS, id);
        continue;
      }
      for (const node of nodes) {
        if (node.stage === "ready" && node.isControlPlane && node.configuration?.clusterId === id) {
          this.join(cluster, node);
        }
      }
    }
  }

  bootstrap(node: TalosNode, recover?: object): Promise<void> {
    return answer(() => {
      if (recover) throw deepOnly("snapshots of etcd");
      if (this.isMember(node)) {
        throw new RpcError("AlreadyExists", "etcd data directory is not empty");
      }
      const first = rowOf(node);
      const clusterId = node.configuration?.clusterId ?? "";
      this.store.put(CLUSTERS, clusterId, { members: [first], leader: first.id, changes: 1 });
      const before = this.store.get<{ count: number }>(BOOTSTRAPS, clusterId)?.count ?? 0;
      this.store.put(BOOTSTRAPS, clusterId, { count: before + 1 });
    });
  }

  members(node: TalosNode): Promise<EtcdMember[]> {
    return answer(() =>
      this.serving(node).cluster.members.map(({ id, hostname, address }) => ({
        id,
        hostname,
        peerUrls: [`https://${address}:2380`],
        clientUrls: [`https://${address}:2379`],
        isLearner: false,
      })),
    );
  }

  status(node: TalosNode): Promise<EtcdStatus> {
    return answer(() => {
      const { row, cluster } = this.running(node);
      const leader = this.leaderOf(cluster);
      const index = String(10 * (cluster.changes ?? 1));
      const version = etcdVersionOf(node.version);
      return {
        memberId: row.id,
        protocolVersion: version,
        storageVersion: `${version.split(".").slice(0, 2).join(".")}.0`,
        dbSize: "20480",
        dbSizeInUse: "16384",
        leader: leader?.id ?? "0",
        raftIndex: index,
        raftTerm: "2",
        raftAppliedIndex: index,
        errors: leader ? [] : ["etcdserver: no leader"],
        isLearner: false,
      };
    });
  }

  forfeitLeadership(node: TalosNode): Promise<string | undefined> {
    return answer(() => {
      const { row, cluster } = this.serving(node);
      if (this.leaderOf(cluster)?.id !== row.id) return undefined;
      const next = cluster.members.find((other) => other.id !== row.id && this.isAlive(other));
      if (!next) throw new RpcError("FailedPrecondition", "can't find new leader");
      cluster.leader = next.id;
      this.store.save();
      return next.hostname;
    });
  }

  leave(node: TalosNode): Promise<void> {
    return answer(() => {
      const { row, cluster } = this.serving(node);
      this.remove(cluster, row);
      cluster.left = { ...cluster.left, [node.id]: node.record.bootId ?? "" };
      this.store.save();
    });
  }

  removeMember(node: TalosNode, id: string): Promise<void> {
    return answer(() => {
      const { cluster } = this.serving(node);
      const row = cluster.members.find((member) => member.id === id);
      if (!row) throw new RpcError("NotFound", "etcdserver: member not found");
      this.remove(cluster, row);
      cluster.removed = [...(cluster.removed ?? []), row.machine];
      this.store.save();
    });
  }

  // eslint-disable-next-line require-yield
  async *snapshot(): AsyncIterable<Buffer> {
    await Promise.reject(deepOnly("snapshots of etcd"));
  }

  recover(): Promise<void> {
    return Promise.reject(deepOnly("snapshots of etcd"));
  }

  alarms(node: TalosNode): Promise<EtcdAlarm[]> {
    return answer(() => {
      this.serving(node);
      return [];
    });
  }

  disarmAlarms(node: TalosNode): Promise<EtcdAlarm[]> {
    return this.alarms(node);
  }

  defragment(): Promise<void> {
    return Promise.reject(deepOnly("a database of etcd"));
  }

  downgrade(): Promise<{ clusterVersion: string }> {
    return Promise.reject(deepOnly("versions of etcd's storage"));
  }

  wipe(node: TalosNode): Promise<void> {
    return answer(() => {
      // The others keep a member whose machine has an empty disk: it never comes back by itself.
      const cluster = this.clusterOf(node);
      if (!cluster) return;
      cluster.members = cluster.members.map((row) =>
        row.machine === node.id ? { ...row, machine: `${row.machine} (wiped)` } : row,
      );
      cluster.removed = cluster.removed?.filter((machine) => machine !== node.id) ?? [];
      if (cluster.members.every(({ machine }) => machine.endsWith(" (wiped)"))) {
        this.store.remove(CLUSTERS, node.configuration?.clusterId ?? "");
      }
      this.store.save();
    });
  }

  private join(cluster: EtcdCluster, node: TalosNode): void {
    if (cluster.members.some(({ machine }) => machine === node.id)) return;
    if (cluster.removed?.includes(node.id) || !this.hasQuorum(cluster)) return;
    const { bootId = "" } = node.record;
    if (cluster.left?.[node.id] === bootId) return;
    const others = cluster.members.filter(({ hostname }) => hostname !== node.hostname);
    cluster.members = [...others, rowOf(node)];
    cluster.changes = (cluster.changes ?? 1) + 1;
    this.store.save();
  }

  /** As etcd itself decides: never the last one, and no living one if too few stay. */
  private remove(cluster: EtcdCluster, row: Row): void {
    if (cluster.members.length === 1) {
      throw new RpcError(
        "FailedPrecondition",
        "etcdserver: re-configuration failed due to not enough started members",
      );
    }
    const alive = cluster.members.filter((member) => this.isAlive(member)).length;
    const others = cluster.members.length - 1;
    if (this.isAlive(row) && alive - 1 < 1 + Math.floor(others / 2)) {
      throw new RpcError("Unavailable", "etcdserver: unhealthy cluster");
    }
    cluster.members = cluster.members.filter(({ id }) => id !== row.id);
    cluster.changes = (cluster.changes ?? 1) + 1;
  }

  private clusterOf(node: TalosNode): EtcdCluster | undefined {
    return this.store.get<EtcdCluster>(CLUSTERS, node.configuration?.clusterId ?? "");
  }

  private rowOf(node: TalosNode): Row | undefined {
    return this.clusterOf(node)?.members.find(({ machine }) => machine === node.id);
  }

  /** @throws RpcError when etcd does not run on the node. */
  private running(node: TalosNode): { row: Row; cluster: EtcdCluster } {
    const row = this.rowOf(node);
    const cluster = this.clusterOf(node);
    if (row && cluster && runsPrograms(node)) return { row, cluster };
    throw new RpcError("Unavailable", "etcd is not running on this node");
  }

  /** @throws RpcError when etcd does not run on the node, or has no quorum. */
  private serving(node: TalosNode): { row: Row; cluster: EtcdCluster } {
    const found = this.running(node);
    if (this.hasQuorum(found.cluster)) return found;
    throw new RpcError("Unavailable", "etcdserver: no leader");
  }

  private leaderOf(cluster: EtcdCluster): Row | undefined {
    if (!this.hasQuorum(cluster)) return undefined;
    const alive = cluster.members.filter((row) => this.isAlive(row));
    return alive.find(({ id }) => id === cluster.leader) ?? alive[0];
  }

  private hasQuorum({ members }: EtcdCluster): boolean {
    return members.filter((row) => this.isAlive(row)).length > members.length / 2;
  }

  private isAlive({ machine }: Row): boolean {
    return this.nodes.some((node) => node.id === machine && runsPrograms(node));
  }
}

function rowOf(node: TalosNode): Row {
  const id = randomBytes(8).readBigUInt64BE().toString();
  return { id, machine: node.id, hostname: node.hostname, address: node.address };
}

function deepOnly(what: string): RpcError {
  return new RpcError("Unimplemented", `only a deep simulation has ${what}`);
}

/** A table answers at once, but as a promise. */
// eslint-disable-next-line @typescript-eslint/require-await
async function answer<T>(compute: () => T): Promise<T> {
  return compute();
}
