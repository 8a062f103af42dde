import type { Duplex } from "node:stream";

import type { Cloud } from "../../machines";
import type { World } from "../../world";
import { API_PORT } from "../api/connection";
import { admits } from "../configuration/firewall";
import type { MachineConfiguration } from "../configuration/machine-configuration";
import { Boots, NODES } from "./boot";
import { ServerCertificates } from "./certificates";
import { CallHolds } from "./call-holds";
import { Configurations } from "./configurations";
import { duplexPair } from "./duplex-pair";
import { Lives, machineStatusOf } from "./life";
import {
  countChanges,
  type NodeRecord,
  type Stage,
  type Phase,
  runsPrograms,
  TalosNode,
} from "./node";
import { NodeFaults } from "./node-faults";
import type { NodeRuntime } from "./node-runtime";
import { contentsOf, type Context } from "./resources/contents";
import { definitionOf } from "./resources/definitions";
import { RouteError } from "./route-error";
import { Router } from "./router";
import { serveApi } from "./serve";
import { SimulatedRuntime } from "./simulated-runtime";
import { runsTalos } from "./talos-version";

export interface NodeStatus {
  readonly name: string;
  /** Its private address; empty without one. */
  readonly address: string;
  readonly stage: Stage;
  /** Why it does not come up. */
  readonly problem?: string;
}

/**
 * The machines of a simulated cloud that run Talos, as the private network sees them. Their API is
 * real gRPC over mutual TLS, served in memory: other machines of that network connect through here.
 */
export class TalosNodes {
  /** What goes wrong inside machines, on demand. */
  readonly faults = new NodeFaults();
  /** Calls that wait, on demand. */
  readonly holds = new CallHolds();
  private readonly boots: Boots;
  private readonly lives: Lives;
  private readonly router: Router;
  private readonly runtime: NodeRuntime;
  private readonly certificates: ServerCertificates;
  private readonly configurations = new Configurations((id, record, configuration) => {
    this.note(id, record, configuration);
  });
  private readonly open = new Set<Duplex>();
  private isObservationDue = false;
  private isClosed = false;

  /** @param runtime What runs on the nodes besides Talos's API. @default - the simulation of every day */
  constructor(
    private readonly world: World,
    private readonly cloud: Cloud,
    runtime?: NodeRuntime,
  ) {
    this.runtime = runtime ?? new SimulatedRuntime(world.store);
    // Nothing waits for the end of a trial that another simulator began.
    for (const record of Object.values(world.store.all<NodeRecord>(NODES))) delete record.trial;
    this.lives = new Lives(world.clock);
    this.boots = new Boots(world.store, world.clock, {
      begins: (id, record) => this.beginBoot(id, record),
      moved: (id, phase) => {
        // In memory nothing outlives a boot, no connection either.
        if (phase === "booting" || phase === "off") this.lives.of(id).end();
        this.observeSoon();
      },
    });
    this.router = new Router({
      runtime: this.runtime,
      boots: this.boots,
      faults: this.faults,
      clock: world.clock,
      lives: this.lives,
      holds: this.holds,
      nodes: () => this.observe(),
      reach: (address, port, source) => this.reach(address, port, source),
      save: () => {
        world.store.save();
      },
    });
    this.certificates = new ServerCertificates(() => world.clock.now());
  }

  /**
   * Reads the cloud: new machines boot, destroyed ones are forgotten, control planes join their
   * etcd. Every call here does it; call it after a change of the cloud so that boots start then.
   */
  observe(): TalosNode[] {
    const machines = this.cloud.machines();
    const ids = new Set(machines.map(({ id }) => id));
    for (const id of Object.keys(this.world.store.all<NodeRecord>(NODES))) {
      if (ids.has(id)) continue;
      this.boots.forget(id);
      this.lives.forget(id);
    }
    const nodes = machines.filter(runsTalos).map((machine) => {
      const record = this.boots.of(machine.id, machine.running);
      return new TalosNode(machine, record, this.configurations.of(machine, record));
    });
    this.runtime.observe(nodes, ids);
    for (const node of nodes) {
      const life = this.lives.of(node.id);
      life.publishStatus(machineStatusOf(node, life, this.runtime));
      this.refresh({ node, life, runtime: this.runtime, nodes, clock: this.world.clock });
    }
    return nodes;
  }

  /** Reports changes of resources that are watched. */
  private refresh(context: Context): void {
    const { resources } = context.life;
    for (const type of resources.watched) {
      resources.refresh(definitionOf(type)?.namespace ?? "", type, contentsOf(type, context));
    }
  }

  /** What a new configuration changes at once. */
  private note(id: string, record: NodeRecord, configuration: MachineConfiguration): void {
    const changed = countChanges(record, configuration);
    if (changed === undefined) return;
    this.world.store.save();
    const isOfKubelet = changed.some((part) => ["kubelet", "kubernetesAuthorities"].includes(part));
    if (record.phase !== "ready" || !isOfKubelet) return;
    this.lives.of(id).restart("kubelet", () => {
      this.observeSoon();
    });
  }

  /** A boot's faults, by the record of what it starts. */
  private beginBoot(id: string, record: NodeRecord): Phase | undefined {
    const name = this.cloud.machines().find((machine) => machine.id === id)?.name ?? id;
    const life = this.lives.of(id);
    life.end();
    life.say(`[talos] booting Talos ${record.version ?? ""}`.trim());
    const isNew = record.upgraded === true;
    delete record.upgraded;
    if (isNew && this.faults.take("revert", name)) {
      life.say(`[talos] boot failed, reverting to Talos ${record.previous ?? ""}`.trim());
      if (record.previous === undefined) delete record.version;
      else record.version = record.previous;
      delete record.previous;
    }
    if (this.faults.take("no-return", name)) return "booting";
    return this.faults.take("hang", name) ? "up" : undefined;
  }

  /** After this turn: phases move while the cloud is being read. */
  private observeSoon(): void {
    if (this.isObservationDue) return;
    this.isObservationDue = true;
    queueMicrotask(() => {
      this.isObservationDue = false;
      if (!this.isClosed) this.observe();
    });
  }

  /** Resolves when every current machine has finished booting. */
  async booted(): Promise<void> {
    this.observe();
    await this.boots.settled();
    this.observe();
  }

  /** Every node with its phase. */
  status(): NodeStatus[] {
    return this.observe().map(({ machine, address, stage, problem }) => ({
      name: machine.name,
      address,
      stage,
      ...(problem !== undefined && { problem }),
    }));
  }

  /**
   * Opens a TCP connection inside the private network.
   *
   * @param source The source address, which the node's firewall checks.
   * @throws RouteError with the operating system's message and the reason.
   */
  async connect(address: string, port: number, source: string): Promise<Duplex> {
    const node = this.reach(address, port, source);
    if (port !== API_PORT) return this.connectToProgram(node, port);
    const authority = node.stage === "maintenance" ? undefined : this.issuingAuthority(node);
    const pair = await this.certificates.of(node, authority);
    const [near, far] = duplexPair();
    serveApi(far, {
      pair,
      clientAuthorities:
        authority === undefined
          ? []
          : [authority.certificate, ...(node.configuration?.acceptedOsAuthorities ?? [])],
      now: () => this.world.clock.now(),
      down: this.lives.of(node.id).down,
      answer: (call) => this.router.answer(node.id, call),
    });
    this.keep(far);
    return this.keep(near);
  }

  /** Adds a line to a node's log. */
  log({ id }: TalosNode, text: string): void {
    this.lives.of(id).say(text);
  }

  /** Ends all connections, boots and programs. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.boots.close();
    this.lives.close();
    for (const end of this.open) end.destroy();
    await this.runtime.close();
  }

  private async connectToProgram(node: TalosNode, port: number): Promise<Duplex> {
    const connection = await this.runtime.connect(node, port);
    if (connection) return this.keep(connection);
    throw new RouteError("ECONNREFUSED", `nothing listens on ${node.machine.name}:${port}`);
  }

  private keep(end: Duplex): Duplex {
    this.open.add(end);
    return end.once("close", () => this.open.delete(end));
  }

  /** The node that accepts connections at an address and port. */
  private reach(address: string, port: number, source: string): TalosNode {
    const node = this.observe().find((candidate) => candidate.address === address);
    if (!node || node.stage === "off") {
      throw new RouteError(
        "EHOSTUNREACH",
        node ? "the machine is off" : `no machine has ${address}`,
      );
    }
    const { machine, stage, problem } = node;
    if (stage === "unreachable") throw new RouteError("ETIMEDOUT", `${machine.name}: ${problem}`);
    const dropped = this.cloud.drops?.(source, address, port);
    if (dropped !== undefined) throw new RouteError("ETIMEDOUT", dropped);
    if (stage === "refused") throw new RouteError("ECONNREFUSED", `${machine.name}: ${problem}`);
    if (stage === "booting") throw new RouteError("ECONNREFUSED", `${machine.name} is booting`);
    if (!admits(node.configuration?.documents ?? [], source, port)) {
      const reason = `ingress firewall of ${machine.name}: no rule lets ${source} in on tcp/${port}`;
      throw new RouteError("ETIMEDOUT", reason);
    }
    return node;
  }

  /** Control planes sign for themselves; workers get their certificate from one of their cluster. */
  private issuingAuthority(node: TalosNode) {
    const own = node.configuration?.osAuthority;
    const accepted = [own?.certificate, ...(node.configuration?.acceptedOsAuthorities ?? [])];
    const authority = own?.key
      ? own
      : this.observe()
          .filter(runsPrograms)
          .map(({ configuration }) => configuration?.osAuthority)
          .find((other) => other?.key && accepted.includes(other.certificate));
    if (authority) return authority;
    const reason = `${node.machine.name} has no certificate yet: no control plane of its cluster answers`;
    throw new RouteError("ECONNREFUSED", reason);
  }
}
