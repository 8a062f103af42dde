import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Balancer, BalancerListener } from "../../balancers";
import { evaluate } from "../../reachability/filter";
import { join, LOOPBACK } from "../network/loopback";
import type { Connect } from "../network/proxy";
import { Backend } from "./backend";

export interface ForwarderOptions {
  readonly connect: Connect;
  /** The source of every client's connection, as the load balancer sees it. Read at each connection. */
  readonly clientAddress: () => string;
  /** Real time of health checks is divided by it. */
  readonly haste: number;
  /** Ports of 127.0.0.1, by the port that clients know. @default - any free one */
  readonly localPorts?: Readonly<Record<number, number>>;
}

/** A backend as its health checks see it. */
export interface BackendState {
  /** "172.16.4.4:6443" */
  readonly address: string;
  /** Whether it is used. */
  readonly isUp: boolean;
  /** Why its last health check failed. */
  readonly problem?: string;
}

/** How often a connection is tried with another backend. */
const RETRIES = 3;

/** One listener of a load balancer, as a TCP forwarder on 127.0.0.1. */
export class Forwarder {
  private readonly backends = new Map<string, { backend: Backend; open: Set<Duplex> }>();
  private readonly clients = new Set<Socket>();
  private next = 0;

  private constructor(
    private readonly server: Server,
    private readonly options: ForwarderOptions,
    private balancer: Balancer,
    private listener: BalancerListener,
  ) {
    server.on("connection", (client) => {
      void this.serve(client);
    });
    this.update(balancer, listener);
  }

  static async start(
    options: ForwarderOptions,
    balancer: Balancer,
    listener: BalancerListener,
  ): Promise<Forwarder> {
    const port = options.localPorts?.[listener.port] ?? 0;
    const server = createServer({ noDelay: true, allowHalfOpen: true }).listen(port, LOOPBACK);
    await once(server, "listening");
    return new Forwarder(server, options, balancer, listener);
  }

  /** Where it listens. */
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get states(): BackendState[] {
    return [...this.backends].map(([address, { backend }]) => {
      const { isUp, problem } = backend;
      return { address, isUp, ...(problem !== undefined && { problem }) };
    });
  }

  /** Follows a changed access list, changed backends and changed checks. */
  update(balancer: Balancer, listener: BalancerListener): void {
    const isOtherCheck = JSON.stringify(listener.check) !== JSON.stringify(this.listener.check);
    this.balancer = balancer;
    this.listener = listener;
    const wanted = new Map<string, BalancerListener["backends"][number]>(
      listener.backends.map((one) => [`${one.address}:${one.port}`, one]),
    );
    for (const name of this.backends.keys()) {
      if (isOtherCheck || !wanted.has(name)) this.drop(name);
    }
    for (const [name, { address, port }] of wanted) {
      if (!this.backends.has(name)) this.add(name, address, port);
    }
  }

  close(): void {
    this.server.close();
    for (const name of this.backends.keys()) this.drop(name);
    for (const client of this.clients) client.destroy();
  }

  private add(name: string, address: string, port: number): void {
    const open = new Set<Duplex>();
    const backend = new Backend({
      check: this.listener.check,
      port,
      haste: this.options.haste,
      connect: (target) => this.options.connect(address, target, this.balancer.privateAddress),
      died: () => {
        if (this.listener.closesDead) for (const connection of open) connection.destroy();
      },
    });
    this.backends.set(name, { backend, open });
  }

  private drop(name: string): void {
    this.backends.get(name)?.backend.close();
    this.backends.delete(name);
  }

  private async serve(client: Socket): Promise<void> {
    this.clients.add(client);
    client.once("close", () => this.clients.delete(client));
    client.on("error", () => client.destroy());
    if (!this.admits()) {
      if (this.listener.refusal === "close") client.resetAndDestroy();
      return;
    }
    const tried = new Set<string>();
    for (let attempt = 0; attempt <= RETRIES && !client.destroyed; attempt++) {
      const name = this.choose(tried);
      const chosen = name === undefined ? undefined : this.backends.get(name);
      if (name === undefined || chosen === undefined) break;
      tried.add(name);
      try {
        const connection = await chosen.backend.connect();
        chosen.open.add(connection);
        connection.once("close", () => chosen.open.delete(connection));
        join(client, connection);
        return;
      } catch {
        // The next one may answer.
      }
    }
    client.resetAndDestroy();
  }

  private admits(): boolean {
    const source = this.options.clientAddress();
    const packet = {
      source,
      destination: this.balancer.publicAddress ?? "",
      protocol: "tcp",
      port: this.listener.port,
    } as const;
    return this.listener.admits.every((filter) => evaluate(filter, packet, source).allowed);
  }

  /** One after the other of those that are alive; one that was tried only when there is no other. */
  private choose(tried: ReadonlySet<string>): string | undefined {
    const alive = this.states.filter(({ isUp }) => isUp).map(({ address }) => address);
    const untried = alive.filter((name) => !tried.has(name));
    const among = untried.length > 0 ? untried : alive;
    return among[this.next++ % among.length];
  }
}
