import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** What goes wrong with every request, or with writes of the state alone. */
export type S3Fault =
  | { readonly kind: "slow"; readonly milliseconds: number }
  | { readonly kind: "expired" }
  | { readonly kind: "read-only" }
  | { readonly kind: "full" }
  /** After so many bytes of a write nothing more is passed on, and nothing is answered. */
  | { readonly kind: "stuck"; readonly after: number }
  | { readonly kind: "dead" };

/** Stands before an S3 server on loopback, and passes on what it does not spoil: signatures stay valid. */
export class S3Faults {
  fault: S3Fault | undefined;
  /** Called when a write is stuck. */
  onStuck: () => void = () => undefined;

  private constructor(
    private readonly server: Server,
    private readonly port: number,
  ) {
    server.on("request", (asked: IncomingMessage, answer: ServerResponse) => {
      this.take(asked, answer);
    });
  }

  /** @param port The S3 server's */
  static async before(port: number): Promise<S3Faults> {
    const server = createServer();
    const faults = new S3Faults(server, port);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return faults;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  end(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private take(asked: IncomingMessage, answer: ServerResponse): void {
    const { fault } = this;
    const isWrite = asked.method === "PUT" && !/probe|tflock/.test(asked.url ?? "");
    if (fault?.kind === "dead") asked.socket.destroy();
    else if (fault?.kind === "expired")
      refuse(answer, 403, "ExpiredToken", "The token has expired.");
    else if (fault?.kind === "read-only" && asked.method !== "GET" && asked.method !== "HEAD") {
      refuse(answer, 403, "AccessDenied", "Access denied.");
    } else if (fault?.kind === "full" && isWrite) {
      asked.resume().on("end", () => {
        refuse(answer, 507, "InsufficientStorage", "There is no space left.");
      });
    } else if (fault?.kind === "stuck" && isWrite) this.pass(asked, answer, fault.after);
    else if (fault?.kind === "slow") {
      setTimeout(() => {
        this.pass(asked, answer);
      }, fault.milliseconds);
    } else this.pass(asked, answer);
  }

  /** @param most How many bytes. @default - all */
  private pass(asked: IncomingMessage, answer: ServerResponse, most = Infinity): void {
    const { method, url, headers } = asked;
    const passed = request({ host: "127.0.0.1", port: this.port, method, path: url, headers });
    passed.on("response", (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
    });
    passed.on("error", () => {
      asked.socket.destroy();
    });
    asked.once("close", () => {
      if (!asked.complete) passed.destroy();
    });
    if (most === Infinity) {
      asked.pipe(passed);
      return;
    }
    let left = most;
    asked.on("data", (part: Buffer) => {
      passed.write(part.subarray(0, left));
      left -= part.length;
      if (left > 0) return;
      asked.pause();
      this.onStuck();
    });
  }
}

function refuse(answer: ServerResponse, status: number, code: string, message: string): void {
  answer.writeHead(status, { "content-type": "application/xml" });
  answer.end(
    `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
}
