import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { RouteError } from "../../talos/nodes/route-error";
import { join, LOOPBACK } from "./loopback";

/** Opens a TCP connection inside the private network. */
export type Connect = (address: string, port: number, source: string) => Promise<Duplex>;

/** Milliseconds after which a connection that gets no answer is given up. */
const TIMEOUT = 1000;

/**
 * The private network, for real programs: an HTTP proxy with CONNECT. A program's user name there is
 * its node's address, which is the source of its connections; so what decides is what decides
 * between simulated machines.
 */
export class NetworkProxy {
  private readonly token = randomBytes(24).toString("hex");
  /** Open connections, by the source's address. */
  private readonly open = new Map<Duplex, string>();

  private constructor(
    private readonly server: Server,
    readonly connect: Connect,
  ) {
    server.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
      void this.serve(request, client, head);
    });
    server.on("request", (_request, response) => {
      response.writeHead(405).end();
    });
  }

  static async start(connect: Connect): Promise<NetworkProxy> {
    const server = createServer().listen(0, LOOPBACK);
    await once(server, "listening");
    return new NetworkProxy(server, connect);
  }

  /** What a program of a node finds in its environment; loopback needs no proxy by Go's own rule. */
  environment(address: string): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    return { HTTPS_PROXY: `http://${address}:${this.token}@${LOOPBACK}:${port}` };
  }

  /** Cuts the connections that a machine opened. */
  cut(address: string): void {
    for (const [connection, source] of this.open) {
      if (source === address) connection.destroy();
    }
  }

  async close(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    this.server.closeAllConnections();
    for (const connection of this.open.keys()) connection.destroy();
    await closed;
  }

  private async serve(request: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    client.on("error", () => client.destroy());
    const source = this.sourceOf(request.headers["proxy-authorization"] ?? "");
    if (source === undefined) {
      client.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    this.open.set(client, source);
    client.once("close", () => this.open.delete(client));
    const [, address = "", port] = /^(.*):(\d+)$/.exec(request.url ?? "") ?? [];
    try {
      const target = await this.connect(address, Number(port), source);
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      if (head.length > 0) client.unshift(head);
      join(client, target);
    } catch (error) {
      refuse(client, error);
    }
  }

  private sourceOf(authorization: string): string | undefined {
    const [, given = ""] = /^Basic (.*)$/.exec(authorization) ?? [];
    const [source, token = ""] = Buffer.from(given, "base64").toString().split(":");
    const isKnown =
      token.length === this.token.length &&
      timingSafeEqual(Buffer.from(token), Buffer.from(this.token));
    return isKnown ? source : undefined;
  }
}

/** A refusal comes at once; a packet that is dropped is waited for. */
function refuse(client: Duplex, error: unknown): void {
  const message = error instanceof Error ? error.message.replaceAll(/[\r\n]+/g, " ") : "failed";
  const answer = () => {
    client.end(`HTTP/1.1 503 ${message}\r\n\r\n`);
  };
  const isRefused = error instanceof RouteError && error.errno === "ECONNREFUSED";
  if (isRefused) answer();
  else {
    const timer = setTimeout(answer, TIMEOUT);
    client.once("close", () => {
      clearTimeout(timer);
    });
  }
}
