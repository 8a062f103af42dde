import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import { createAuthority } from "../../pki/certificates";
import { standardKeyPem } from "../../pki/keys";
import { duplexPair } from "../../talos/nodes/duplex-pair";

const YEAR = 365 * 24 * 3_600_000;

/**
 * A kubelet's own API, where the API server asks for logs and runs commands: it answers that there
 * are none. As kubelets do, it signs its certificate itself.
 */
export class KubeletServer {
  private readonly open = new Set<Duplex>();
  private server: Promise<Server> | undefined;

  constructor(private readonly hostname: string) {}

  async connect(): Promise<Duplex> {
    const server = await (this.server ??= this.create());
    const [near, far] = duplexPair();
    for (const end of [near, far]) {
      end.on("error", () => undefined);
      this.open.add(end);
      end.once("close", () => this.open.delete(end));
    }
    server.emit("connection", far);
    return near;
  }

  close(): void {
    for (const end of this.open) end.destroy();
  }

  private async create(): Promise<Server> {
    const now = Date.now();
    const lifetime = { from: new Date(now - 10_000), to: new Date(now + YEAR) };
    const { certificate, key } = await createAuthority("p256", `CN=${this.hostname}`, lifetime);
    const options = { cert: certificate, key: standardKeyPem(key) };
    const server = createServer(options, (request, response) => {
      this.answer(request, response);
    });
    // commands and forwarded ports ask for another protocol
    server.on("upgrade", (_request: IncomingMessage, socket: Duplex) => {
      socket.end(
        [
          "HTTP/1.1 400 Bad Request",
          "Connection: close",
          "Content-Type: text/plain",
          `Content-Length: ${Buffer.byteLength(this.refusal)}`,
          "",
          this.refusal,
        ].join("\r\n"),
      );
    });
    return server;
  }

  private answer({ url }: IncomingMessage, response: ServerResponse): void {
    if (url === "/healthz") response.writeHead(200).end("ok");
    // the API server hands the text of a bad request on as it is
    else response.writeHead(400, { "content-type": "text/plain" }).end(this.refusal);
  }

  private get refusal(): string {
    return `the simulated kubelet of ${this.hostname} runs no containers: they have no logs, and no commands can be run in them`;
  }
}
