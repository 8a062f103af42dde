import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { join, LOOPBACK } from "./loopback";

/** PEM */
export interface EgressCredentials {
  /** Who must have signed the client's certificate. */
  readonly authority: string;
  /** For 127.0.0.1. */
  readonly certificate: string;
  readonly key: string;
}

/**
 * Where an API server opens its connections into the cluster: to kubelets, also for commands and
 * forwarded ports, which heed no proxy of the environment and would leave this machine.
 */
export class Egress {
  private readonly open = new Set<Duplex>();

  private constructor(
    private readonly server: Server,
    private readonly connect: (address: string, port: number) => Promise<Duplex>,
  ) {
    server.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
      void this.serve(request, client, head);
    });
  }

  static async start(
    { authority, certificate, key }: EgressCredentials,
    connect: (address: string, port: number) => Promise<Duplex>,
  ): Promise<Egress> {
    const server = createServer({ ca: authority, cert: certificate, key, requestCert: true });
    server.listen(0, LOOPBACK);
    await once(server, "listening");
    return new Egress(server, connect);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
    for (const client of this.open) client.destroy();
  }

  private async serve({ url = "" }: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    client.on("error", () => client.destroy());
    // TLS and both ends of a pipeline each have their own
    client.setMaxListeners(20);
    this.open.add(client);
    client.once("close", () => this.open.delete(client));
    const [, address = "", port] = /^\[?([^\]]*)\]?:(\d+)$/.exec(url) ?? [];
    try {
      const target = await this.connect(address, Number(port));
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      if (head.length > 0) client.unshift(head);
      join(client, target);
    } catch (error) {
      const message = error instanceof Error ? error.message.replaceAll(/[\r\n]+/g, " ") : "";
      client.end(`HTTP/1.1 503 ${message}\r\n\r\n`);
    }
  }
}
