import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { TalosNode } from "../talos/nodes/node";
import type { NodeRuntime, ServiceStatus } from "../talos/nodes/node-runtime";
import { RouteError } from "../talos/nodes/route-error";
import { RealEtcd, runsEtcd, staysAsItIs } from "./etcd/real-etcd";
import type { RunningProgram } from "./deep-options";
import { Guard } from "./guard";
import type { Host } from "./host";
import { Kubelets } from "./kubelet/kubelets";
import { KUBELET_PORT } from "./kubelet/node-object";
import { STATIC_COMPONENTS } from "./kubelet/static-pods";
import { type Component, EXECUTABLES, NodeKubernetes } from "./kubernetes/node-kubernetes";
import type { Manifest } from "./manifests/manifest";
import { manifestsOf } from "./manifests/of-configuration";
import { connectLoopback } from "./network/loopback";
import { type Connect, NetworkProxy } from "./network/proxy";
import type { Death } from "./program";
import type { Programs } from "./programs";

export interface RuntimeOptions {
  readonly programs: Programs;
  /** Where the nodes' disks are kept; a later simulation finds them there. */
  readonly directory: string;
  /** Whether control planes run kube-controller-manager and kube-scheduler. */
  readonly controllers: boolean;
  /** Milliseconds between heartbeats of kubelets. */
  readonly heartbeat: number;
  /** Opens a TCP connection inside the private network. */
  readonly connect: Connect;
  /** Called with what a node's own log gets. */
  readonly log: (node: TalosNode, text: string) => void;
  /** Called when a program has ended by itself. */
  readonly died: (death: Death) => void;
}

/** Ports as the network knows them. */
const ETCD_CLIENT_PORT = 2379;
const ETCD_PEER_PORT = 2380;
const API_PORT = 6443;

/**
 * Real programs on simulated nodes: etcd and Kubernetes's on every control plane; and a simulated
 * kubelet on every node.
 */
export class RealRuntime implements NodeRuntime {
  readonly etcd: RealEtcd;
  private readonly kubernetes = new Map<string, NodeKubernetes>();
  private readonly kubelets: Kubelets;
  private isClosed = false;

  private constructor(
    private readonly host: Host,
    log: RuntimeOptions["log"],
  ) {
    this.etcd = new RealEtcd(host);
    this.kubelets = new Kubelets({
      connect: (from, address, port) => this.connectFrom(from, address, port),
      programOf: (node, component) => this.kubernetes.get(node.id)?.staticProgram(component),
      log,
      heartbeat: host.heartbeat,
    });
  }

  static async start(options: RuntimeOptions): Promise<RealRuntime> {
    const disks = join(options.directory, "disks");
    mkdirSync(disks, { recursive: true, mode: 0o700 });
    const network = await NetworkProxy.start(options.connect);
    const { programs, controllers, heartbeat, died, log } = options;
    const runtime: { current?: RealRuntime } = {};
    const changed = () => runtime.current?.advance();
    const guard = Guard.start("simulated-nodes-");
    runtime.current = new RealRuntime(
      { guard, programs, controllers, heartbeat, network, disks, changed, died },
      log,
    );
    return runtime.current;
  }

  observe(nodes: readonly TalosNode[], machines: ReadonlySet<string>): void {
    if (this.isClosed) return;
    this.etcd.observe(nodes, machines);
    for (const node of nodes.filter(runsEtcd)) this.kubernetesOf(node).node = node;
    const byId = new Map(nodes.map((node) => [node.id, node]));
    for (const [id, kubernetes] of this.kubernetes) {
      const node = byId.get(id);
      if (node !== undefined && (runsEtcd(node) || staysAsItIs(node))) continue;
      this.kubernetes.delete(id);
      this.host.network.cut(kubernetes.node.address);
      void kubernetes.stop(node === undefined || node.stage === "off");
    }
    this.kubelets.observe(nodes);
    this.advance();
  }

  connect(node: TalosNode, port: number): Promise<Duplex> | undefined {
    if (port === KUBELET_PORT) return this.kubelets.connect(node);
    const own = this.portOf(node, port);
    return own === undefined ? undefined : dial(node, port, own);
  }

  service(node: TalosNode, id: string): ServiceStatus | undefined {
    if (id === "kubelet") return this.kubelets.service(node);
    if (id === "etcd") return node.isControlPlane ? this.etcd.of(node).status : undefined;
    const component = STATIC_COMPONENTS.find((candidate) => EXECUTABLES[candidate] === id);
    return component && this.kubernetes.get(node.id)?.program(component)?.status;
  }

  manifests({ configuration, version }: TalosNode): readonly Manifest[] {
    return configuration ? manifestsOf(configuration, version).manifests : [];
  }

  async drain(node: TalosNode, signal: AbortSignal): Promise<void> {
    await this.kubelets.drain(node, signal);
  }

  uncordon(node: TalosNode): void {
    this.kubelets.uncordon(node);
  }

  /** Where programs write their output. */
  get directory(): string {
    return this.host.guard.directory;
  }

  /** Every real program that runs. */
  programs(): RunningProgram[] {
    const etcds = this.etcd.all().map((etcd) => ({
      node: etcd.node.hostname,
      program: "etcd",
      pid: etcd.pid,
      port: etcd.ports?.client,
      healthy: etcd.isHealthy,
    }));
    const others = [...this.kubernetes.values()].flatMap((kubernetes) =>
      Object.entries(EXECUTABLES).map(([component, program]) => ({
        node: kubernetes.node.hostname,
        program,
        pid: kubernetes.program(component as Component)?.pid,
        port: kubernetes.portOf(component as Component),
        healthy: kubernetes.program(component as Component)?.isHealthy ?? false,
      })),
    );
    return [...etcds, ...others].flatMap(({ pid, port, ...program }) =>
      pid === undefined || port === undefined ? [] : [{ ...program, pid, port }],
    );
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.kubelets.close();
    await Promise.all([...this.kubernetes.values()].map((one) => one.stop(true)));
    await this.etcd.close();
    await this.host.network.close();
    await this.host.guard.close();
  }

  /** Starts what has been waiting for another program. */
  private advance(): void {
    if (this.isClosed) return;
    for (const kubernetes of this.kubernetes.values()) kubernetes.run();
    this.kubelets.programsChanged();
  }

  /** A node reaches itself without the network. */
  private async connectFrom(from: TalosNode, address: string, port: number): Promise<Duplex> {
    if (address !== from.address) return this.host.network.connect(address, port, from.address);
    const connection = await this.connect(from, port);
    if (connection) return connection;
    throw new RouteError("ECONNREFUSED", `nothing listens on ${from.machine.name}:${port}`);
  }

  private kubernetesOf(node: TalosNode): NodeKubernetes {
    const known = this.kubernetes.get(node.id);
    if (known) return known;
    const created = new NodeKubernetes(this.host, node, this.etcd.of(node));
    this.kubernetes.set(node.id, created);
    return created;
  }

  private portOf(node: TalosNode, port: number): number | undefined {
    if (!node.isControlPlane) return undefined;
    const { pid, ports } = this.etcd.of(node);
    if (port === ETCD_CLIENT_PORT) return pid === undefined ? undefined : ports?.client;
    if (port === ETCD_PEER_PORT) return pid === undefined ? undefined : ports?.peer;
    return port === API_PORT ? this.kubernetes.get(node.id)?.portOf("apiServer") : undefined;
  }
}

/** @throws RouteError while the program does not listen yet. */
async function dial(node: TalosNode, port: number, own: number): Promise<Duplex> {
  try {
    return await connectLoopback(own);
  } catch {
    throw new RouteError("ECONNREFUSED", `nothing listens on ${node.machine.name}:${port} yet`);
  }
}
