import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A stand-in for the Image Factory on loopback: serves one file under every image's address. */
export class ImageFactory {
  /** Byte offsets that downloads were begun at. */
  readonly begun: number[] = [];
  /** After so many bytes the next answers break off, one each. */
  cuts: number[] = [];
  /** The next answer stops after so many bytes, and goes no further. */
  stopAfter: number | undefined;
  /** Called when it has stopped. */
  onStop: () => void = () => undefined;
  /** Of every answer. @default 200 */
  status = 200;
  readonly schematics: string[] = [];

  private constructor(
    public file: Buffer,
    private readonly server: Server,
  ) {}

  static async start(file: Buffer): Promise<ImageFactory> {
    const server = createServer((request, response) => {
      factory.answer(request, response);
    });
    const factory = new ImageFactory(file, server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return factory;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  end(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === "POST") {
      let body = "";
      request.setEncoding("utf8").on("data", (part: string) => (body += part));
      request.on("end", () => {
        this.schematics.push(body);
        const id = createHash("sha256").update(body).digest("hex");
        response.writeHead(201).end(JSON.stringify({ id }));
      });
      return;
    }
    if (this.status !== 200) {
      response.writeHead(this.status).end();
      return;
    }
    const etag = `"${createHash("sha256").update(this.file).digest("hex")}"`;
    const { range, "if-range": condition } = request.headers;
    const isPart = range !== undefined && condition === etag;
    const from = isPart ? Number(/^bytes=(\d+)-$/.exec(range)?.[1]) : 0;
    response.writeHead(isPart ? 206 : 200, { etag, "content-length": this.file.length - from });
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    this.begun.push(from);
    const cut = this.cuts.shift();
    if (cut !== undefined) {
      response.write(this.file.subarray(from, from + cut), () => response.destroy());
      return;
    }
    if (this.stopAfter !== undefined) {
      const end = from + this.stopAfter;
      this.stopAfter = undefined;
      response.write(this.file.subarray(from, end), () => {
        this.onStop();
      });
      return;
    }
    response.end(this.file.subarray(from));
  }
}
