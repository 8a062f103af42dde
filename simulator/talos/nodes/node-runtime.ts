import type { Duplex } from "node:stream";
import type { EtcdService } from "./etcd-service";
import type { TalosNode } from "./node";

/**
 * What runs on the nodes besides Talos's API. The simulation of every day has members of etcd in a
 * table and nothing else; a deep one has real programs.
 */
export interface NodeRuntime {
  readonly etcd: EtcdService;
  /**
   * Compares what runs with what should, and starts and ends programs; returns at once. Called after
   * every change of the cloud, of a node's phase and of a node's configuration.
   *
   * @param machines Ids of all machines that exist: the disk of any other is gone.
   */
  observe(nodes: readonly TalosNode[], machines: ReadonlySet<string>): void;
  /**
   * A connection to a program that listens on a node's port. Firewalls have admitted it.
   *
   * @returns undefined when nothing listens there
   */
  connect(node: TalosNode, port: number): Promise<Duplex> | undefined;
  /**
   * A service of Talos's list ("etcd", "kubelet"), or a static pod ("kube-apiserver"). undefined: this
   * runtime does not know it.
   */
  service(node: TalosNode, id: string): ServiceStatus | undefined;
  /**
   * The manifests that a control plane applies, as Talos's resource Manifests has them: id
   * ("00-kubelet-bootstrapping-token") and objects. @default - none
   */
  manifests?(
    node: TalosNode,
  ): readonly { readonly id: string; readonly objects: readonly object[] }[];
  /**
   * Cordons a node that is about to go down, until its next boot, and evicts its pods: until budgets
   * allow it, five minutes at most. @default - there are no pods
   */
  drain?(node: TalosNode, signal: AbortSignal): Promise<void>;
  /** Undoes the cordon of `drain`: the node does not go down after all. */
  uncordon?(node: TalosNode): void;
  close(): Promise<void>;
}

export interface ServiceStatus {
  /** As Talos prints it: "Preparing", "Running", "Failed". */
  readonly state: string;
  readonly healthy: boolean;
  /** Why it is not healthy, or what it waits for; empty when all is well. */
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}
