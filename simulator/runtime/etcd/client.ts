import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import type { KeyAndCertificate } from "../../pki/certificates";
import { RpcError, unavailable } from "../../talos/api/rpc-error";
import { type Calls, methodOf } from "./calls";

export interface ClientOptions {
  /** The CA of etcd, PEM. */
  readonly authority: string;
  readonly client: KeyAndCertificate;
  /** A name in the server's certificate. */
  readonly serverName: string;
  /** Opens the connection below TLS. */
  readonly open: () => Promise<Duplex>;
}

/** Milliseconds in which an answer must come. */
const DEADLINE = 10_000;
/** Milliseconds in which a connection must be open: etcd accepts it before it serves. */
const CONNECT_TIMEOUT = 5000;

/** A client of one member of etcd. It connects at the first call, and again after a connection broke. */
export class EtcdClient {
  private session: Promise<ClientHttp2Session> | undefined;

  constructor(private readonly options: ClientOptions) {}

  /** @throws RpcError etcd's refusal; Unavailable when it does not answer; DeadlineExceeded */
  async call<Name extends keyof Calls>(
    name: Name,
    request: Calls[Name][0],
    deadline = DEADLINE,
  ): Promise<Calls[Name][1]> {
    for await (const answer of this.stream(name, request, deadline)) return answer;
    throw unavailable("EOF");
  }

  /** @param deadline Milliseconds until the first message, and between messages. */
  async *stream<Name extends keyof Calls>(
    name: Name,
    request: Calls[Name][0],
    deadline = DEADLINE,
  ): AsyncIterable<Calls[Name][1]> {
    const { path, requestSerialize, responseDeserialize } = methodOf(name);
    const session = await this.connected();
    const stream = session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      // Without a leader etcd answers at once instead of waiting for one.
      ...(name.startsWith("Cluster.") && { hasleader: "true" }),
    });
    const result = resultOf(stream);
    stream.setTimeout(deadline, () => {
      result.isLate = true;
      stream.close(constants.NGHTTP2_CANCEL);
    });
    stream.end(frame(requestSerialize(request)));
    try {
      for await (const message of messages(stream)) yield responseDeserialize(message);
    } catch (error) {
      result.error ??= error as Error;
    } finally {
      stream.close();
    }
    if (result.isLate) throw new RpcError("DeadlineExceeded", "context deadline exceeded");
    if (result.status === undefined) {
      throw unavailable(`error reading from server: ${result.error?.message ?? "EOF"}`);
    }
    if (result.status !== 0) throw RpcError.fromStatus(result.status, result.message);
  }

  close(): void {
    const { session } = this;
    this.session = undefined;
    session?.then(
      (open) => {
        open.destroy();
      },
      () => undefined,
    );
  }

  private async connected(): Promise<ClientHttp2Session> {
    const attempt = (this.session ??= this.connect());
    try {
      return await attempt;
    } catch (error) {
      if (this.session === attempt) this.session = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      throw unavailable(`transport: Error while dialing: ${reason}`);
    }
  }

  private async connect(): Promise<ClientHttp2Session> {
    const { authority, client, serverName, open } = this.options;
    const socket = await open();
    const secured = connectTls({
      socket,
      servername: serverName,
      ca: authority,
      cert: client.certificate,
      key: client.key,
      ALPNProtocols: ["h2"],
    });
    const session = connect(`https://${serverName}`, { createConnection: () => secured });
    const forget = () => {
      this.session = undefined;
    };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        session.destroy(new Error("context deadline exceeded"));
      }, CONNECT_TIMEOUT);
      session.once("connect", () => {
        clearTimeout(timer);
        session.unref();
        resolve(session);
      });
      session.once("close", () => {
        clearTimeout(timer);
        forget();
        socket.destroy();
        reject(new Error("EOF"));
      });
      session.on("error", (error: Error) => {
        forget();
        session.destroy();
        socket.destroy();
        reject(error);
      });
    });
  }
}

interface Result {
  status?: number;
  message: string;
  error?: Error;
  isLate: boolean;
}

/** gRPC's status, which comes in the trailers, or in the headers when there is nothing else. */
function resultOf(stream: ClientHttp2Stream): Result {
  const result: Result = { message: "", isLate: false };
  const note = (headers: Record<string, unknown>) => {
    if (headers["grpc-status"] === undefined) return;
    result.status = Number(headers["grpc-status"]);
    const message = headers["grpc-message"];
    result.message = typeof message === "string" ? decodeURIComponent(message) : "";
  };
  stream.on("response", note).on("trailers", note);
  return result;
}

/** Flag byte (0: not compressed) and length, then the message. */
function frame(message: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

async function* messages(stream: ClientHttp2Stream): AsyncIterable<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    while (rest.length >= 5) {
      const end = 5 + rest.readUInt32BE(1);
      if (rest.length < end) break;
      yield rest.subarray(5, end);
      rest = rest.subarray(end);
    }
  }
}
