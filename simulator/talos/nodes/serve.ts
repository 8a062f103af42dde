import { X509Certificate } from "node:crypto";
import type { Duplex } from "node:stream";
import { createServer, type TLSSocket } from "node:tls";

import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  type Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";

import { isSignedBy, isValidAt, type KeyAndCertificate } from "../../pki/certificates";
import { standardKeyPem } from "../../pki/keys";
import { machineService, type Message, storageService } from "../api/definition";
import { RpcError } from "../api/rpc-error";

/** Extended key usage "client authentication": the only one that Talos accepts on a client. */
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

export interface ApiServer {
  /** The node's certificate. */
  readonly pair: KeyAndCertificate;
  /** Who must have signed a client's certificate (PEM); undefined requires none. */
  readonly clientAuthority: string | undefined;
  readonly now: () => Date;
  /** @param roles The client certificate's organizations: "os:admin". Throws RpcError to refuse. */
  answer(method: string, request: Message, metadata: Metadata, roles: string[]): Promise<Message[]>;
}

/** Serves gRPC over TLS 1.3 on one connection. A client that may not connect is disconnected without a message. */
export function serveApi(connection: Duplex, api: ApiServer): void {
  const server = createServer({
    key: standardKeyPem(api.pair.key),
    cert: api.pair.certificate,
    minVersion: "TLSv1.3",
    ALPNProtocols: ["h2"],
    requestCert: api.clientAuthority !== undefined,
    rejectUnauthorized: false, // checked below, with the simulated date
    ...(api.clientAuthority !== undefined && { ca: api.clientAuthority }),
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
  if (api.clientAuthority === undefined) return true;
  if (client === undefined) return false;
  const { usages } = claimsOf(client);
  return (
    usages.length === 1 &&
    usages[0] === CLIENT_AUTH &&
    isSignedBy(client, new X509Certificate(api.clientAuthority)) &&
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
  const server = new Server({ "grpc.max_receive_message_length": 32 * 1024 * 1024 });
  for (const service of [machineService, storageService]) {
    server.addService(service, implement(service, api, roles));
  }
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  socket.once("close", () => {
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
    Object.entries(service).map(([name, { responseStream }]) => {
      const unary: handleUnaryCall<Message, Message> = (call, done) => {
        api.answer(name, call.request, call.metadata, roles).then(
          ([message = {}]) => {
            done(null, message);
          },
          (error: unknown) => {
            done(statusOf(error));
          },
        );
      };
      const stream: handleServerStreamingCall<Message, Message> = (call) => {
        api.answer(name, call.request, call.metadata, roles).then(
          (messages) => {
            for (const message of messages) call.write(message);
            call.end();
          },
          (error: unknown) => call.emit("error", statusOf(error)),
        );
      };
      return [name, responseStream ? stream : unary];
    }),
  );
}

function statusOf(error: unknown): { code: number; details: string } {
  if (error instanceof RpcError) return { code: error.number, details: error.description };
  const internal = new RpcError("Internal", error instanceof Error ? error.message : String(error));
  return { code: internal.number, details: internal.description };
}
