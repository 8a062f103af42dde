import { once } from "node:events";
import { createServer, type AddressInfo, type Server as TcpServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";

import { Server as SshServer } from "ssh2";

import type { Cloud, Machine } from "../machines";
import { RouteError } from "../talos/nodes/route-error";
import { runsTalos } from "../talos/nodes/talos-version";
import type { World } from "../world";
import { BastionHost } from "./host";
import { serveClient } from "./session";

/** Simulated milliseconds from power-on until sshd answers: a small Ubuntu machine with cloud-init. */
const BOOT = 30_000;

const BOOTED = "bastion.booted";

/** Opens a connection inside the private network; see `TalosNodes.connect`. */
export interface PrivateNetwork {
  connect(address: string, port: number, source: string): Promise<Duplex>;
}

export interface BastionOptions {
  /**
   * A public key that the bastion's user accepts in addition to those in its user data: a rehearsal
   * does not have its owner's private key.
   */
  readonly extraKey?: string;
}

/**
 * A real SSH server on a loopback port in place of the cloud's bastion: the running machine that
 * has a public address and does not run Talos. It is configured from that machine's user data at
 * every connection; while there is no such machine, connections are closed before a banner.
 */
export class SimulatedBastion {
  private readonly tcp: TcpServer;
  private readonly clients = new Set<Socket>();
  private readonly boots = new Map<string, Promise<void>>();
  private readonly ending = new AbortController();

  constructor(
    private readonly world: World,
    private readonly cloud: Cloud,
    private readonly network: PrivateNetwork,
    private readonly options: BastionOptions = {},
  ) {
    this.tcp = createServer({ noDelay: true }, (socket) => {
      this.accept(socket);
    });
  }

  /** @returns The port on 127.0.0.1, chosen by the operating system. */
  async start(): Promise<number> {
    this.tcp.listen(0, "127.0.0.1");
    await once(this.tcp, "listening");
    return this.port;
  }

  get port(): number {
    return (this.tcp.address() as AddressInfo).port;
  }

  /** The bastion's machine; undefined while there is none. */
  machine(): Machine | undefined {
    return this.cloud
      .machines()
      .find((machine) => machine.running && machine.publicAddress && !runsTalos(machine));
  }

  /** Call it after every change of the cloud: the bastion then boots at once, not at its first connection. */
  observe(): void {
    const machine = this.machine();
    if (machine) this.booted(machine).catch(() => undefined); // the simulator is closing
  }

  /** Resolves when the current machine has finished booting. */
  async ready(): Promise<void> {
    const machine = this.machine();
    if (machine) await this.booted(machine);
  }

  async close(): Promise<void> {
    this.ending.abort();
    for (const client of this.clients) client.destroy();
    this.tcp.close();
    await once(this.tcp, "close");
  }

  private accept(socket: Socket): void {
    this.clients.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.clients.delete(socket));
    const machine = this.machine();
    this.observe();
    if (machine === undefined || !this.isUp(machine)) {
      socket.destroy();
      return;
    }
    const host = new BastionHost(machine, this.options.extraKey ? [this.options.extraKey] : []);
    const server = new SshServer({
      hostKeys: [host.hostKey(this.world.store)],
      ident: "OpenAether-simulator",
      banner: `Simulated bastion ${machine.name}: nothing behind it is real.\n`,
    });
    server.on("connection", (client) => {
      serveClient(client, host, async (address, port) => this.open(machine, address, port));
    });
    server.injectSocket(socket);
  }

  private isUp({ id, problems }: Machine): boolean {
    return problems.length === 0 && this.world.store.get(BOOTED, id) !== undefined;
  }

  private async booted({ id }: Machine): Promise<void> {
    if (this.world.store.get(BOOTED, id)) return;
    const boot =
      this.boots.get(id) ??
      this.world.clock.wait(BOOT, this.ending.signal).then(() => {
        this.world.store.put(BOOTED, id, { at: this.world.clock.now().toISOString() });
      });
    this.boots.set(id, boot);
    await boot;
  }

  /** Connects from the bastion's current address in the private network. */
  private async open(machine: Machine, address: string, port: number): Promise<Duplex> {
    const source = this.cloud.machines().find(({ id }) => id === machine.id)?.privateAddress;
    if (source === undefined) {
      throw new RouteError("ENETUNREACH", `${machine.name} is not on the private network`);
    }
    return this.network.connect(address, port, source);
  }
}
