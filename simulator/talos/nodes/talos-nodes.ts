import type { Duplex } from "node:stream";

import type { Metadata } from "@grpc/grpc-js";

import type { Cloud, Machine } from "../../machines";
import type { World } from "../../world";
import { API_PORT } from "../api/connection";
import type { Message } from "../api/definition";
import { RpcError, unavailable } from "../api/rpc-error";
import { admits } from "../configuration/firewall";
import { MachineConfiguration } from "../configuration/machine-configuration";
import { Boots, NODES } from "./boot";
import { ServerCertificates } from "./certificates";
import { duplexPair } from "./duplex-pair";
import {
  configurationText,
  countChanges,
  loadConfiguration,
  type NodeRecord,
  type Stage,
  runsPrograms,
  TalosNode,
} from "./node";
import type { NodeRuntime } from "./node-runtime";
import { RouteError } from "./route-error";
import { serveApi } from "./serve";
import { ADMIN_METHODS, MAINTENANCE_METHODS, METHODS } from "./services";
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
  private readonly boots: Boots;
  private readonly runtime: NodeRuntime;
  private readonly certificates: ServerCertificates;
  private readonly configurations = new Map<
    string,
    { text: string; image: string; configured: TalosNode["configured"] }
  >();
  private readonly open = new Set<Duplex>();
  private isObservationDue = false;
  private isClosed = false;

  /** @param runtime What runs on the nodes besides Talos's API. @default - the simulation of every day */
  constructor(
    private readonly world: World,
    private readonly cloud: Cloud,
    runtime?: NodeRuntime,
  ) {
    this.boots = new Boots(world.store, world.clock, () => {
      this.observeSoon();
    });
    this.runtime = runtime ?? new SimulatedRuntime(world.store);
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
      if (!ids.has(id)) this.boots.forget(id);
    }
    const nodes = machines.filter(runsTalos).map((machine) => {
      const record = this.boots.of(machine.id, machine.running);
      const text = configurationText(machine, record);
      return new TalosNode(machine, record, this.configured(machine, record, text));
    });
    this.runtime.observe(nodes, ids);
    return nodes;
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
      clientAuthority: authority?.certificate,
      now: () => this.world.clock.now(),
      answer: async (method, request, metadata, roles) =>
        this.route(node.id, method, request, metadata, roles),
    });
    this.keep(near);
    this.keep(far);
    return near;
  }

  /** Ends all connections, boots and programs. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.boots.close();
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
    const authority = own?.key
      ? own
      : this.observe()
          .filter(runsPrograms)
          .map(({ configuration }) => configuration?.osAuthority)
          .find((other) => other?.key && other.certificate === own?.certificate);
    if (authority) return authority;
    const reason = `${node.machine.name} has no certificate yet: no control plane of its cluster answers`;
    throw new RouteError("ECONNREFUSED", reason);
  }

  /** Answers for the node itself, or forwards the call to those that its metadata names. */
  private async route(
    id: string,
    method: string,
    request: Message,
    metadata: Metadata,
    roles: string[],
  ): Promise<Message[]> {
    const self = this.observe().find((candidate) => candidate.id === id);
    if (!self) throw unavailable("error reading from server: EOF");
    if (self.stage === "maintenance") return [await this.answer(self, method, request)];
    const isAdmitted = ADMIN_METHODS.includes(method)
      ? roles.includes("os:admin")
      : roles.some((role) => role.startsWith("os:"));
    if (!isAdmitted) throw new RpcError("PermissionDenied", "not authorized");
    const many = metadata.get("nodes").map(String);
    if (many.length > 0) return [await this.gather(self, many, method, request)];
    const [target] = metadata.get("node").map(String);
    return [await this.answer(this.forward(self, target), method, request)];
  }

  private async gather(self: TalosNode, targets: string[], method: string, request: Message) {
    const messages = await Promise.all(
      targets.map(async (hostname) => {
        try {
          const reply = await this.answer(this.forward(self, hostname), method, request);
          const [message] = Array.isArray(reply.messages) ? (reply.messages as Message[]) : [reply];
          return { ...message, metadata: { hostname } };
        } catch (error) {
          return { metadata: { hostname, error: String(error) } };
        }
      }),
    );
    return { messages };
  }

  /** The node that is meant, reached from this one over the network. */
  private forward(self: TalosNode, target: string | undefined): TalosNode {
    const own = [self.address, self.hostname, "127.0.0.1", undefined];
    if (own.includes(target) || target === undefined) return self;
    if (!self.isControlPlane) throw new RpcError("PermissionDenied", "no request forwarding");
    try {
      const node = this.reach(target, API_PORT, self.address);
      if (
        node.configuration?.osAuthority.certificate === self.configuration?.osAuthority.certificate
      ) {
        return node;
      }
    } catch (error) {
      if (!(error instanceof RouteError)) throw error;
      throw unavailable(
        `transport: Error while dialing: dial tcp ${target}:${API_PORT}: connect: ${error.goMessage}`,
      );
    }
    throw unavailable(
      "transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate signed by unknown authority",
    );
  }

  private async answer(node: TalosNode, method: string, request: Message): Promise<Message> {
    const methods = node.stage === "maintenance" ? MAINTENANCE_METHODS : METHODS;
    const handle = methods[method];
    if (!handle) throw new RpcError("Unimplemented", `method ${method} not implemented`);
    return handle(node, request, {
      runtime: this.runtime,
      boots: this.boots,
      now: () => this.world.clock.now(),
      save: () => {
        this.world.store.save();
      },
    });
  }

  /** Loading is slow: each string is loaded once. */
  private configured(
    machine: Machine,
    record: NodeRecord,
    text: string | undefined,
  ): TalosNode["configured"] {
    if (text === undefined) return undefined;
    const { id, image } = machine;
    const known = this.configurations.get(id);
    if (known?.text === text && known.image === image) return known.configured;
    const configured = loadConfiguration(image, text);
    this.configurations.set(id, { text, image, configured });
    if (configured instanceof MachineConfiguration && countChanges(record, configured)) {
      this.world.store.save();
    }
    return configured;
  }
}
