import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../../errors";
import { deleteNode, uncordon } from "../../kubernetes/nodes";
import type { ReadState } from "../../tofu/state-file";
import { apiVariable } from "../cluster/api-endpoint";
import type { ClusterDirectory } from "../cluster/directory";
import { isControlPlane } from "../cluster/node-order";
import { drainNode } from "./drain-node";
import { NoConnection, type NodeConnection } from "./connection";
import { GateClosed, unhealthy, waitForGate } from "./gate";
import { handOver, leaveEtcd, removeDeadMembers } from "./leave-etcd";
import { type MachineWork, type NodeStep, noWork } from "./machine-work";
import { NodeSet } from "./node-set";
import { isUnanswered, repeated } from "./repeated";
import type { KnownNode, ObservedNode } from "./observation";
import { cordonReasons, settle, unsettled } from "./settle";

export interface NodeWorkOptions {
  /** The state as it is when a connection is opened. */
  readonly state: () => Promise<ReadState>;
  /** Nodes whose machine exists, by name. */
  readonly existing: readonly string[];
  /** Nodes that are added, replaced, restarted or removed. */
  readonly worked: readonly string[];
  /** Brings running nodes to what they should be, before others are created, replaced or removed. */
  readonly converge: (running: () => Promise<RunningNodes>) => Promise<void>;
  /** In milliseconds, for the pods of each node. */
  readonly drainTimeout: number;
  readonly say: (text: string) => void;
}

/** The nodes whose machine exists, and the way to them. */
export interface RunningNodes {
  readonly connection: NodeConnection;
  readonly known: readonly KnownNode[];
  /** Nodes that need not be well, since they are worked on later. */
  readonly except: readonly string[];
}

/** In milliseconds: before anything has begun, a cluster is healthy or it is not. */
const firstPatience = 30_000;
/** In milliseconds, for a machine to boot and join: what Talos itself takes for joining etcd, and some more. */
const joinPatience = 20 * 60_000;

/** The work in a cluster's nodes. Nothing is asked of simulated ones that have no Kubernetes API. */
export function machineWork(cluster: ClusterDirectory, options: NodeWorkOptions): MachineWork {
  const isSilent = cluster.isSimulated && (process.env[apiVariable] ?? "") === "";
  return isSilent ? noWork : new NodeWork(cluster, options);
}

/** Drains, leaves etcd, joins: around each change of a machine. */
class NodeWork implements MachineWork {
  private readonly nodes: NodeSet;
  /** Of the nodes that are worked on, those that were not yet. */
  private readonly pending: Set<string>;
  /** Before its restart, by node. */
  private readonly bootIds = new Map<string, string>();
  private readonly say: (text: string) => void;
  private readonly drainTimeout: number;
  private readonly convergeNodes: NodeWorkOptions["converge"];

  constructor(
    cluster: ClusterDirectory,
    { state, existing, worked, converge, drainTimeout, say }: NodeWorkOptions,
  ) {
    this.nodes = new NodeSet(cluster, state, existing);
    this.pending = new Set(worked);
    this.say = say;
    this.drainTimeout = drainTimeout;
    this.convergeNodes = converge;
  }

  async settle(): Promise<void> {
    try {
      await settle(this.nodes, { worked: this.pending, say: this.say });
    } catch (problem) {
      if (!isUnanswered(problem)) throw problem;
      this.say(`The nodes were not asked: ${problem.message}`);
    }
  }

  async obstacle(): Promise<string | undefined> {
    try {
      const end = Date.now() + firstPatience;
      for (;;) {
        const missing = unsettled(await this.nodes.observe(), this.pending);
        if (missing.length === 0) return undefined;
        if (Date.now() > end) return closed("No node is touched", missing);
        await pause(2000);
      }
    } catch (problem) {
      if (isUnanswered(problem)) {
        return `No node can be worked on, because none can be asked: ${problem.message}`;
      }
      throw problem;
    }
  }

  async isMidway(): Promise<boolean> {
    try {
      const { nodes, members } = await this.nodes.observe();
      const isOut = ({ address, kubernetes }: ObservedNode) =>
        cordonReasons.includes(kubernetes?.cordonedFor ?? "") ||
        !members.some((member) => member.address === address);
      return nodes.some(
        (node) => isControlPlane(node.name) && this.pending.has(node.name) && isOut(node),
      );
    } catch (problem) {
      if (!isUnanswered(problem)) throw problem;
      return false;
    }
  }

  gate(): Promise<void> {
    return repeated(() => this.openGate([]));
  }

  async before(step: NodeStep): Promise<void> {
    // Each part of it is done or not done: all of it can be repeated.
    if (!step.isAlone) await repeated(() => this.prepare(step));
  }

  private async prepare({ work, nodes }: NodeStep): Promise<void> {
    if (work === "add") return this.beforeJoin(nodes);
    const [name = ""] = nodes;
    this.nodes.leave(name);
    await this.openGate(nodes);
    const { say, drainTimeout: patience } = this;
    await drainNode(this.nodes, name, { reason: work, isFinal: work !== "resize", patience, say });
    if (work === "resize") {
      await this.noteBoot(name);
      if (isControlPlane(name)) await handOver(this.nodes, name);
      return;
    }
    if (isControlPlane(name)) await leaveEtcd(this.nodes, name);
    // Its kubelet does not register again while it runs.
    const kubernetes = await (await this.nodes.connection()).kubernetes();
    await deleteNode(kubernetes, this.nodes.hostname(name));
  }

  async after({ work, nodes, isAlone }: NodeStep): Promise<void> {
    for (const name of nodes) {
      this.pending.delete(name);
      if (work === "remove") this.nodes.remove(name);
      else this.nodes.add(name);
    }
    if (work === "remove" || (work === "replace" && isAlone)) return;
    // Workers may be added where no node can be asked.
    const areAlone = work === "add" && !nodes.some(isControlPlane);
    try {
      if (areAlone) await this.nodes.connection();
    } catch (problem) {
      if (!(problem instanceof NoConnection)) throw problem;
      this.say(`Not known whether ${nodes.join(", ")} joined the cluster: ${problem.message}`);
      return;
    }
    await repeated(() => this.joined(nodes, areAlone));
  }

  async converge(): Promise<void> {
    await this.convergeNodes(async () => ({
      connection: await this.nodes.connection(),
      known: await this.nodes.known(),
      except: this.others([]),
    }));
  }

  close(): Promise<void> {
    return this.nodes.close();
  }

  /** What an earlier machine of the same name left would keep the new one out. */
  private async beforeJoin(names: readonly string[]): Promise<void> {
    try {
      const kubernetes = await (await this.nodes.connection()).kubernetes();
      for (const name of names) await deleteNode(kubernetes, this.nodes.hostname(name));
      if (!names.some(isControlPlane)) return;
      await removeDeadMembers(this.nodes);
    } catch (problem) {
      // A worker is no member of etcd.
      if (problem instanceof NoConnection && !names.some(isControlPlane)) return;
      throw problem;
    }
    await this.openGate([]);
  }

  private async noteBoot(name: string): Promise<void> {
    const address = await this.nodes.addressOf(name);
    if (address === undefined) return;
    const node = await (await this.nodes.connection()).node(address);
    // A node that does not answer is not known by its boot: its readiness has to do.
    const id = await node.bootId().catch(() => undefined);
    if (id !== undefined) this.bootIds.set(name, id);
  }

  /**
   * Waits until new or restarted nodes are well, and ends their cordon.
   * @param areAlone Whether only these nodes are judged, not the whole cluster
   */
  private async joined(names: readonly string[], areAlone: boolean): Promise<void> {
    const end = Date.now() + joinPatience;
    for (let before = ""; ;) {
      const observation = await this.nodes.observe();
      const own = observation.nodes.filter(({ name }) => names.includes(name));
      const cordoned = own.filter(({ kubernetes }) =>
        cordonReasons.includes(kubernetes?.cordonedFor ?? ""),
      );
      const old = own.filter(({ name, talos }) => {
        return talos !== undefined && talos.bootId === this.bootIds.get(name);
      });
      const missing = [
        ...old.map(({ name }) => `${name}: it has not restarted yet`),
        ...unhealthy(observation, this.others(names))
          .filter((text) => !areAlone || names.some((name) => text.startsWith(`${name}: `)))
          .filter((text) => !cordoned.some(({ name }) => text === `${name}: cordoned`)),
      ];
      if (missing.length === 0) {
        const kubernetes = await (await this.nodes.connection()).kubernetes();
        for (const { name } of cordoned) await uncordon(kubernetes, this.nodes.hostname(name));
        return;
      }
      if (missing.join() !== before) this.tell(missing);
      before = missing.join();
      if (Date.now() > end)
        throw new UserError(closed("The cluster did not become healthy", missing));
      await pause(2000);
    }
  }

  /** Workers that are worked on later need not be well, and neither need these. */
  private others(names: readonly string[]): string[] {
    return [...this.pending].filter((name) => !names.includes(name) && !isControlPlane(name));
  }

  private async openGate(names: readonly string[]): Promise<void> {
    try {
      await this.waitForGate([...names, ...this.others(names)]);
    } catch (problem) {
      if (!(problem instanceof GateClosed)) throw problem;
      throw new UserError(closed("Nothing more was changed", problem.missing));
    }
  }

  private async waitForGate(except: readonly string[]): Promise<void> {
    // First: what is found out leads to more ways.
    const known = await this.nodes.known();
    await waitForGate(await this.nodes.connection(), known, {
      except,
      tell: (missing) => {
        this.tell(missing);
      },
    });
  }

  private tell(missing: readonly string[]): void {
    const [first = "", ...others] = missing;
    this.say(`  … waiting: ${first}${others.length === 0 ? "" : `, and ${others.length} more`}`);
  }
}

function closed(consequence: string, missing: readonly string[]): string {
  return `${consequence}, because the cluster is not healthy:\n\n${missing.map((text) => `  ${text}`).join("\n")}`;
}
