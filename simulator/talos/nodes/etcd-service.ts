import type { TalosNode } from "./node";

/** A member of etcd, as etcd lists it. */
export interface EtcdMember {
  /** A 64-bit number, in decimal: JavaScript's numbers do not hold it. */
  readonly id: string;
  /** Empty: added, but not started yet. */
  readonly hostname: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  readonly isLearner: boolean;
}

/** A member's answer to etcd's Status call; 64-bit numbers in decimal. */
export interface EtcdStatus {
  readonly memberId: string;
  readonly protocolVersion: string;
  readonly storageVersion: string;
  readonly dbSize: string;
  readonly dbSizeInUse: string;
  readonly leader: string;
  readonly raftIndex: string;
  readonly raftTerm: string;
  readonly raftAppliedIndex: string;
  readonly errors: readonly string[];
  readonly isLearner: boolean;
}

export interface EtcdAlarm {
  readonly memberId: string;
  readonly alarm: "NOSPACE" | "CORRUPT";
}

/**
 * The etcd of control planes, as Talos's API drives it: each call is for one node. A node is its
 * machine: a replaced machine has an empty disk.
 *
 * All throw RpcError: Unavailable when etcd does not run on that node or answers nothing; what etcd
 * itself refuses comes with etcd's code and message.
 */
export interface EtcdService {
  /**
   * Starts the first member of a cluster.
   *
   * @param recover From the snapshot that `recover` stored on this node.
   * @throws RpcError AlreadyExists when the node's disk holds etcd data; FailedPrecondition when a
   *   snapshot is asked for and none is stored
   */
  bootstrap(node: TalosNode, recover?: { readonly skipHashCheck: boolean }): Promise<void>;
  members(node: TalosNode): Promise<readonly EtcdMember[]>;
  status(node: TalosNode): Promise<EtcdStatus>;
  /** @returns The name of the new leader; undefined when this node did not lead. */
  forfeitLeadership(node: TalosNode): Promise<string | undefined>;
  /** Removes the node's own member, ends its etcd and erases its data. It joins again at the next boot. */
  leave(node: TalosNode): Promise<void>;
  /** @throws RpcError NotFound */
  removeMember(node: TalosNode, id: string): Promise<void>;
  /** The database of this member, followed by its SHA-256. */
  snapshot(node: TalosNode): AsyncIterable<Buffer>;
  /**
   * Stores a snapshot on the node, for `bootstrap`.
   *
   * @throws RpcError FailedPrecondition while etcd runs there: it must be waiting to be bootstrapped
   */
  recover(node: TalosNode, snapshot: AsyncIterable<Buffer>): Promise<void>;
  alarms(node: TalosNode): Promise<readonly EtcdAlarm[]>;
  disarmAlarms(node: TalosNode): Promise<readonly EtcdAlarm[]>;
  defragment(node: TalosNode): Promise<void>;
  /** @param version "3.6" */
  downgrade(
    node: TalosNode,
    action: "validate" | "enable" | "cancel",
    version: string,
  ): Promise<{ readonly clusterVersion: string }>;
  /** Erases what a reset with wiped EPHEMERAL erases: the data of etcd. */
  wipe(node: TalosNode): Promise<void>;
}
