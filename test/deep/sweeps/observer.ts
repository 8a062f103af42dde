import { setTimeout as pause } from "node:timers/promises";
import type { DeepStatus } from "../../../simulator/runtime/deep-options";
import type { DeepCluster } from "../deep-cluster";
import { Api, type KubernetesObject } from "./api";

/** In milliseconds, between two looks. */
const interval = 250;
/** In milliseconds, between two objects that are written. */
const writing = 750;

/**
 * Watches a cluster from outside of the command line, through the simulator and the load balancer:
 * how many control planes are away, and whether what was written is kept.
 */
export class Observer {
  /** What must never be, and was. */
  readonly violations: string[] = [];
  /** In milliseconds: the longest time in which no object could be written. */
  longestGap = 0;
  private readonly written: string[] = [];
  /**
   * The process of etcd that was healthy last, by control plane: it is away while that one is not there and
   * no other one is healthy. One that is only slow, on a busy machine, is not away.
   */
  private readonly members = new Map<string, number>();
  private isOver = false;
  private readonly work: Promise<unknown>;
  private nodes = new Map<string, boolean>();

  private constructor(
    private readonly deep: DeepCluster,
    readonly api: Api,
    private readonly changed: (subject: string, node: string) => void,
  ) {
    this.work = Promise.all([this.watchMembers(), this.watchNodes(), this.write()]);
  }

  /** @param changed Called when a node was cordoned, uncordoned or deleted in Kubernetes */
  static async of(
    deep: DeepCluster,
    changed: (subject: string, node: string) => void,
  ): Promise<Observer> {
    return new Observer(deep, await Api.of(deep), changed);
  }

  /** Names of acknowledged objects that are not there any more. */
  async lost(): Promise<string[]> {
    const items = await this.api.readList("/api/v1/namespaces/default/configmaps");
    const names = new Set(items.map(({ metadata }) => metadata.name));
    return this.written.filter((name) => !names.has(name));
  }

  async end(): Promise<void> {
    this.isOver = true;
    await this.work;
    this.api.close();
  }

  private async watchMembers(): Promise<void> {
    while (!this.isOver) {
      const status = await this.deep.status().catch(() => undefined);
      if (status !== undefined) await this.judge(status);
      await pause(interval);
    }
  }

  private async judge({ programs }: DeepStatus): Promise<void> {
    const etcd = programs.filter(({ program }) => program === "etcd");
    for (const { node, pid, healthy } of etcd) if (healthy) this.members.set(node, pid);
    const away = [...this.members.keys()].filter(
      (node) => !etcd.some((one) => one.node === node && one.pid === this.members.get(node)),
    );
    if (away.length < 2) return;
    // One that left and whose machine is destroyed is no member any more.
    const machines = (await this.deep.cluster.simulator.nodes()).map(({ name }) => name);
    for (const node of away) if (!machines.includes(node)) this.members.delete(node);
    const left = away.filter((node) => this.members.has(node));
    if (left.length >= 2) this.violate(`control planes are away at once: ${left.join(", ")}`);
  }

  private violate(text: string): void {
    if (!this.violations.includes(text)) this.violations.push(text);
  }

  private async watchNodes(): Promise<void> {
    while (!this.isOver) {
      const nodes = await this.api.list("/api/v1/nodes").catch(() => undefined);
      if (nodes !== undefined) this.compare(nodes);
      await pause(interval);
    }
  }

  private compare(nodes: readonly KubernetesObject[]): void {
    const before = this.nodes;
    this.nodes = new Map(
      nodes.map(({ metadata, spec }) => [metadata.name, spec?.unschedulable === true]),
    );
    for (const [name, cordoned] of this.nodes) {
      const was = before.get(name);
      if (was === cordoned || (was === undefined && !cordoned)) continue;
      this.changed(cordoned ? "cordoned" : "uncordoned", name);
    }
    for (const name of before.keys()) {
      if (!this.nodes.has(name)) this.changed("deleted", name);
    }
  }

  private async write(): Promise<void> {
    let last = Date.now();
    const prefix = `canary-${Date.now().toString(36)}`;
    for (let count = 0; !this.isOver; count++) {
      const metadata = { name: `${prefix}-${count}` };
      const body = { apiVersion: "v1", kind: "ConfigMap", metadata };
      try {
        await this.api.call("POST", "/api/v1/namespaces/default/configmaps", body);
        this.written.push(metadata.name);
        this.longestGap = Math.max(this.longestGap, Date.now() - last);
        last = Date.now();
      } catch {
        // Not acknowledged: it may be there or not.
      }
      await pause(writing);
    }
    this.longestGap = Math.max(this.longestGap, Date.now() - last);
  }
}
