import { connect, type ClientHttp2Session } from "node:http2";
import type { TLSSocket } from "node:tls";

import { methodOf, type Message } from "./definition";
import { RpcError, unavailable } from "./rpc-error";

/** A gRPC connection to one node's API. */
export class ApiConnection {
  private readonly session: ClientHttp2Session;
  private failure: Error | undefined;

  /** @param signal Closes the connection when it is aborted. */
  constructor(socket: TLSSocket, authority: string, signal: AbortSignal) {
    this.session = connect(`https://${authority}`, { createConnection: () => socket });
    this.session.on("error", (error: Error) => {
      this.failure = error;
    });
    const cut = () => {
      this.close();
    };
    signal.addEventListener("abort", cut, { once: true });
    this.session.once("close", () => {
      signal.removeEventListener("abort", cut);
    });
  }

  /**
   * Calls a method of the API, unary or server-streaming.
   *
   * @param node The node that is to answer, as in the provider's `node`.
   * @returns The answer's messages, decoded.
   * @throws RpcError The node's refusal, or `Unavailable` for a connection that broke.
   */
  async call(method: string, request: Message, node: string): Promise<Message[]> {
    const { path, requestSerialize, responseDeserialize } = methodOf(method);
    const stream = this.session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      "user-agent": "openaether-simulator",
      node,
      runtime: "Talos",
    });
    const status: { code?: number; message?: string } = {};
    const note = (headers: Record<string, unknown>) => {
      if (headers["grpc-status"] === undefined) return;
      status.code = Number(headers["grpc-status"]);
      status.message = decodeURIComponent(textIn(headers["grpc-message"]));
    };
    stream.on("response", note).on("trailers", note);
    stream.end(frame(requestSerialize(request)));

    const chunks: Buffer[] = [];
    try {
      for await (const chunk of stream) chunks.push(chunk as Buffer);
    } catch (error) {
      this.failure ??= error as Error;
    }
    if (status.code === undefined) {
      throw unavailable(`error reading server preface: ${reasonOf(this.failure)}`);
    }
    if (status.code !== 0) throw RpcError.fromStatus(status.code, status.message ?? "");
    return unframe(Buffer.concat(chunks)).map((bytes) => responseDeserialize(bytes));
  }

  close(): void {
    this.session.destroy();
  }
}

function textIn(header: unknown): string {
  return typeof header === "string" ? header : "";
}

/** Flag byte (0: not compressed) and length, then the message. */
function frame(message: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

function unframe(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let offset = 0; offset + 5 <= bytes.length;) {
    const length = bytes.readUInt32BE(offset + 1);
    messages.push(bytes.subarray(offset + 5, offset + 5 + length));
    offset += 5 + length;
  }
  return messages;
}

function reasonOf(failure: Error | undefined): string {
  const alert = /alert (certificate required|unknown ca|bad certificate)/i.exec(
    failure?.message ?? "",
  );
  return alert ? `remote error: tls: ${(alert[1] ?? "").toLowerCase()}` : "EOF";
}
