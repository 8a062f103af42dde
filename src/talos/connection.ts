import {
  type CallOptions,
  Client,
  type ClientWritableStream,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { once } from "node:events";
import { checkServerIdentity } from "node:tls";
import { type Message, type Method, methodOf } from "./definition";
import { TalosError } from "./talos-error";

/** A client's identity, and the authority that the server's certificate must come from: PEM. */
export interface Identity {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** In bytes: HTTP/2's own, 64 KiB, would allow so many in each round trip through the bastion. */
const receiveWindow = 4 * 1024 * 1024;
/** In bytes: Talos sends a kilobyte in each message, and passing on each of them costs more than its bytes. */
const partSize = 256 * 1024;

/** In milliseconds: a node that answers at all answers within a second. */
const usualPatience = 10_000;

export interface CallSettings {
  /** In milliseconds, for the whole answer. @default 10 s */
  readonly patience?: number;
}

/** A gRPC connection, by mutual TLS, to the Talos API of one node, which forwards calls to others. */
export class TalosConnection {
  private readonly client: Client;

  /** @param socket Where the way to the node begins: a Unix socket of this user's */
  constructor(socket: string, { authority, certificate, key }: Identity) {
    const pem = (text: string) => Buffer.from(text);
    this.client = new Client(
      `unix:${socket}`,
      credentials.createSsl(pem(authority), pem(key), pem(certificate), {
        // Every node's certificate is also for the local end of a tunnel.
        checkServerIdentity: (_, peer) => checkServerIdentity("127.0.0.1", peer),
      }),
      {
        // TLS has no server names that are addresses.
        "grpc.ssl_target_name_override": "talos",
        "grpc.default_authority": "talos",
        // A snapshot's chunks are small; a machine configuration may have megabytes of patches.
        "grpc.max_receive_message_length": 64 * 1024 * 1024,
        "grpc-node.flow_control_window": receiveWindow,
        "grpc.initial_reconnect_backoff_ms": 200,
        "grpc.max_reconnect_backoff_ms": 1000,
      },
    );
  }

  /**
   * @param node The private address of the node that is to answer
   * @throws TalosError
   */
  call(
    name: string,
    request: Message,
    node: string,
    settings: CallSettings = {},
  ): Promise<Message> {
    const method = methodOf(name);
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        metadataFor(node),
        optionsOf(settings),
        (error: ServiceError | null, answer?: Message) => {
          if (error === null && answer !== undefined) resolve(answer);
          else reject(TalosError.of(error));
        },
      );
    });
  }

  /** The bytes of an answer in parts. @throws TalosError */
  async *bytes(
    name: string,
    request: Message,
    node: string,
    settings: CallSettings = {},
  ): AsyncGenerator<Buffer> {
    const stream = this.client.makeServerStreamRequest(
      ...serverStream(methodOf(name)),
      request,
      metadataFor(node),
      optionsOf(settings),
    );
    let held: Buffer[] = [];
    let size = 0;
    try {
      for await (const message of stream as AsyncIterable<Message>) {
        const { metadata, bytes } = message as {
          metadata: { error: string } | null;
          bytes: Buffer;
        };
        if (metadata !== null && metadata.error !== "")
          throw new TalosError(status.UNKNOWN, metadata.error);
        held.push(bytes);
        size += bytes.length;
        if (size < partSize) continue;
        yield Buffer.concat(held);
        [held, size] = [[], 0];
      }
      yield Buffer.concat(held);
    } catch (error) {
      throw TalosError.of(error);
    } finally {
      stream.cancel();
    }
  }

  /**
   * Sends bytes as they are read.
   * @param parts Of at most 4 MiB each: larger messages are refused
   * @throws TalosError; what reading the parts throws
   */
  async send(
    name: string,
    parts: AsyncIterable<Buffer>,
    node: string,
    settings: CallSettings = {},
  ): Promise<Message> {
    const method = methodOf(name);
    let answered!: (answer: Message) => void;
    let failed!: (error: Error) => void;
    const answer = new Promise<Message>((resolve, reject) => {
      [answered, failed] = [resolve, reject];
    });
    const stream = this.client.makeClientStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      metadataFor(node),
      optionsOf(settings),
      (error: ServiceError | null, message?: Message) => {
        if (error === null && message !== undefined) answered(message);
        else failed(TalosError.of(error));
      },
    );
    // What ends the stream is in the answer, with its reason.
    const sent = writeAll(stream, parts, answer).catch((error: unknown) => {
      stream.cancel();
      failed(error instanceof Error ? error : new Error(String(error)));
    });
    try {
      return await answer;
    } finally {
      await sent;
    }
  }

  close(): void {
    this.client.close();
  }
}

/** @param answer After it, nothing more is read: a call that failed takes no more */
async function writeAll(
  stream: ClientWritableStream<Message>,
  parts: AsyncIterable<Buffer>,
  answer: Promise<unknown>,
): Promise<void> {
  const over = answer.then(
    () => "over",
    () => "over",
  );
  for await (const bytes of parts) {
    if (stream.write({ bytes })) continue;
    if ((await Promise.race([once(stream, "drain"), over])) === "over") return;
  }
  stream.end();
}

function serverStream(method: Method) {
  return [method.path, method.requestSerialize, method.responseDeserialize] as const;
}

/** Exactly one: a call for several is deprecated, and refused for resources. */
function metadataFor(node: string): Metadata {
  const metadata = new Metadata();
  metadata.set("node", node);
  return metadata;
}

function optionsOf({ patience = usualPatience }: CallSettings): CallOptions {
  return { deadline: Date.now() + patience };
}
