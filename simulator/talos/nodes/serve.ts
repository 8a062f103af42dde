import { X509Certificate } from "node:crypto";
import { type EventEmitter, once } from "node:events";
import type { Duplex } from "node:stream";
import { createServer, type TLSSocket } from "node:tls";

import {
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type Metadata,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";

import { isSignedBy, isValidAt, type KeyAndCertificate } from "../../pki/certificates";
import { standardKeyPem } from "../../pki/keys";
import { type Message, services } from "../api/definition";
import { RpcError } from "../api/rpc-error";
import { onAbort } from "./channel";
import { sendAhead } from "./send-ahead";

/** Extended key usage "client authentication": the only one that Talos accepts on a client. */
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

/** Real milliseconds in which the answers under way leave a node that goes down. */
const LAST_WORDS = 100;

export interface ApiServer {
  /** The node's certificate. */
  readonly pair: KeyAndCertificate;
  /** One of these must have signed a client's certificate (PEM); without any, none is required. */
  readonly clientAuthorities: readonly string[];
  readonly now: () => Date;
  /** Aborted when the node goes down. @default - it never does */
  readonly down?: AbortSignal;
  /**
   * Answers a call with one message, or a stream of them. Throws RpcError to refuse, also after
   * some messages.
   */
  answer(call: IncomingCall): AsyncIterable<Message>;
}

/** A call as it arrives on a connection. */
export interface IncomingCall {
  /** "/machine.MachineService/Version" */
  readonly path: string;
  /** The request; several where the client streams. */
  readonly requests: AsyncIterable<Message>;
  readonly metadata: Metadata;
  /** The client certificate's organizations: "os:admin". */
  readonly roles: readonly string[];
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal;
}

/** Serves gRPC over TLS 1.3 on one connection. A client that may not connect is disconnected without a message. */
export function serveApi(connection: Duplex, api: ApiServer): void {
  const server = createServer({
    key: standardKeyPem(api.pair.key),
    cert: api.pair.certificate,
    minVersion: "TLSv1.3",
    ALPNProtocols: ["h2"],
    requestCert: api.clientAuthorities.length > 0,
    rejectUnauthorized: false, // checked below, with the simulated date
    ca: [...api.clientAuthorities],
  });
  server.on("tlsClientError", () => connection.destroy());
  server.on("secureConnection", (socket) => {
    socket.on("error", () => socket.destroy());
    const client = socket.getPeerX509Certificate();
    if (isAdmitted(client, api)) serveGrpc(socket, api, rolesOf(client));
    else socket.destroy();
  });
  server.emit("connection", connection);
}

function isAdmitted(client: X509Certificate | undefined, api: ApiServer): boolean {
  const { clientAuthorities } = api;
  if (clientAuthorities.length === 0) return true;
  if (client === undefined) return false;
  const { usages } = claimsOf(client);
  return (
    usages.length === 1 &&
    usages[0] === CLIENT_AUTH &&
    clientAuthorities.some((authority) => isSignedBy(client, new X509Certificate(authority))) &&
    isValidAt(client, api.now())
  );
}

function rolesOf(client: X509Certificate | undefined): string[] {
  const { subject } = client ? claimsOf(client) : { subject: [] };
  return subject.filter((line) => line.startsWith("O=")).map((line) => line.slice(2));
}

/** Either may be missing in a certificate, despite Node's types. */
function claimsOf({ keyUsage = [], subject = "" }: Partial<X509Certificate>) {
  return { usages: keyUsage, subject: subject.split("\n") };
}

/** A server for this connection alone, so that its handlers know the caller. */
function serveGrpc(socket: TLSSocket, api: ApiServer, roles: string[]): void {
  const server = new Server({
    "grpc.max_receive_message_length": 32 * 1024 * 1024,
    interceptors: [sendAhead],
  });
  for (const service of services.values()) {
    server.addService(service, implement(service, api, roles));
  }
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const stop = onAbort(api.down ?? new AbortController().signal, () => {
    injector.drain(LAST_WORDS);
  });
  socket.once("close", () => {
    stop();
    injector.destroy();
    server.forceShutdown();
  });
  injector.injectConnection(socket);
}

function implement(
  service: ServiceDefinition,
  api: ApiServer,
  roles: string[],
): UntypedServiceImplementation {
  return Object.fromEntries(
    Object.entries(service).map(([name, { path, requestStream, responseStream }]) => {
      const start = (call: AnyCall, requests: AsyncIterable<Message>) => {
        const gone = new AbortController();
        (call as EventEmitter).on("cancelled", () => {
          gone.abort();
        });
        const { metadata } = call;
        const answers = api.answer({ path, requests, metadata, roles, signal: gone.signal });
        return { answers, signal: gone.signal };
      };
      const unary = (call: ServerUnary | ServerReadable, done: sendUnaryData<Message>) => {
        const requests = "request" in call ? only(call.request) : call;
        first(start(call, requests).answers).then(
          (message) => {
            done(null, message);
          },
          (error: unknown) => {
            done(statusOf(error));
          },
        );
      };
      const stream: handleServerStreamingCall<Message, Message> = (call) => {
        const { answers, signal } = start(call, only(call.request));
        send(call, answers, signal).then(
          () => call.end(),
          (error: unknown) => call.emit("error", statusOf(error)),
        );
      };
      const handler: UntypedServiceImplementation[string] = responseStream
        ? stream
        : requestStream
          ? (unary as handleClientStreamingCall<Message, Message>)
          : (unary as handleUnaryCall<Message, Message>);
      return [name, handler];
    }),
  );
}

type ServerUnary = ServerUnaryCall<Message, Message>;
type ServerReadable = ServerReadableStream<Message, Message>;
type AnyCall = ServerUnary | ServerReadable | ServerWritableStream<Message, Message>;

// eslint-disable-next-line @typescript-eslint/require-await
async function* only(message: Message): AsyncIterable<Message> {
  yield message;
}

async function first(messages: AsyncIterable<Message>): Promise<Message> {
  for await (const message of messages) return message;
  return {};
}

/** No faster than the client reads. */
async function send(
  call: ServerWritableStream<Message, Message>,
  messages: AsyncIterable<Message>,
  signal: AbortSignal,
): Promise<void> {
  for await (const message of messages) {
    if (signal.aborted) return;
    if (!call.write(message)) await once(call, "drain", { signal }).catch(() => undefined);
  }
}

function statusOf(error: unknown): { code: number; details: string } {
  if (error instanceof RpcError) return { code: error.number, details: error.description };
  const internal = new RpcError("Internal", error instanceof Error ? error.message : String(error));
  return { code: internal.number, details: internal.description };
}
