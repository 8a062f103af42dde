import { X509Certificate } from "node:crypto";
import { connect as connectTcp, isIP, isIPv6 } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";

import { isSignedBy, isValidAt } from "../../pki/certificates";
import { standardKeyPem } from "../../pki/keys";
import { fromBase64, stringOf } from "../values";
import type { Values } from "../../protocol/model";
import { unavailable } from "./rpc-error";

/** The default port of Talos's API. */
export const API_PORT = 50_000;

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** "host", "host:port", "::1", "[::1]:50000". */
export function parseEndpoint(text: string): Endpoint {
  if (isIPv6(text)) return { host: text, port: API_PORT };
  const match = /^(?:\[(.+)\]|([^:]*))(?::(\d+))?$/.exec(text);
  return {
    host: match?.[1] ?? match?.[2] ?? text,
    port: match?.[3] === undefined ? API_PORT : Number(match[3]),
  };
}

/** A client's certificate, key and the authority it trusts, PEM. */
export interface Identity {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** @param value In the form of `client_configuration`. */
export function identityOf(value: Values): Identity {
  return {
    authority: fromBase64(stringOf(value.ca_certificate)),
    certificate: fromBase64(stringOf(value.client_certificate)),
    key: standardKeyPem(fromBase64(stringOf(value.client_key))),
  };
}

/**
 * Opens TLS to a node: without an identity neither side is verified (the probe for maintenance
 * mode); with one, both are.
 *
 * @throws RpcError with the message of gRPC for Go; the signal's reason when it is aborted.
 */
export async function openTls(
  endpoint: Endpoint,
  identity: Identity | undefined,
  now: Date,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const address = `${isIPv6(endpoint.host) ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
  const socket = await dial(endpoint, address, identity, signal);
  const problem = identity && verify(socket, endpoint.host, identity.authority, now);
  if (problem === undefined) return socket;
  socket.destroy();
  throw unavailable(
    `transport: authentication handshake failed: tls: failed to verify certificate: ${problem}`,
  );
}

async function dial(
  { host, port }: Endpoint,
  address: string,
  identity: Identity | undefined,
  signal: AbortSignal,
): Promise<TLSSocket> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const tcp = connectTcp({ host, port, noDelay: true });
    const socket = connectTls({
      socket: tcp,
      ...(isIP(host) ? {} : { servername: host }),
      ...(identity && { ca: identity.authority, cert: identity.certificate, key: identity.key }),
      rejectUnauthorized: false, // verified here, with the simulated date and Go's messages
      ALPNProtocols: ["h2"],
    });
    let isConnected = false;
    const settle = (finish: () => void) => {
      signal.removeEventListener("abort", abort);
      finish();
    };
    const fail = (error: Error) => {
      settle(() => {
        tcp.destroy();
        socket.destroy();
        reject(error);
      });
    };
    const abort = () => {
      fail(new Error("cut off"));
    };
    signal.addEventListener("abort", abort, { once: true });
    tcp.once("connect", () => (isConnected = true));
    tcp.once("error", (error: NodeJS.ErrnoException) => {
      fail(dialError(error, isConnected, address));
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      fail(dialError(error, isConnected, address));
    });
    socket.once("secureConnect", () => {
      settle(() => {
        resolve(socket);
      });
    });
  });
}

function dialError(error: NodeJS.ErrnoException, isConnected: boolean, address: string): Error {
  if (isConnected) {
    const isEnd = ["ECONNRESET", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE"].includes(error.code ?? "");
    return unavailable(
      `transport: authentication handshake failed: ${isEnd ? "EOF" : error.message}`,
    );
  }
  const messages: Record<string, string> = {
    ECONNREFUSED: "connection refused",
    EHOSTUNREACH: "no route to host",
    ENETUNREACH: "network is unreachable",
    ETIMEDOUT: "i/o timeout",
  };
  const reason =
    error.code === "ENOTFOUND"
      ? `lookup ${address.replace(/:\d+$/, "")}: no such host`
      : `connect: ${messages[error.code ?? ""] ?? error.message}`;
  return unavailable(`transport: Error while dialing: dial tcp ${address}: ${reason}`);
}

/** Go's error for the server's certificate, or undefined. */
function verify(socket: TLSSocket, host: string, authority: string, now: Date): string | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return "x509: no certificate was presented";
  const names = [...(certificate.subjectAltName ?? "").matchAll(/(DNS|IP Address):([^,\s]+)/g)];
  const isNamed = isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host);
  if (!isSignedBy(certificate, new X509Certificate(authority))) {
    return "x509: certificate signed by unknown authority";
  }
  if (!isValidAt(certificate, now)) {
    return `x509: certificate has expired or is not yet valid: current time ${now.toISOString()}`;
  }
  if (isNamed) return undefined;
  const known = names.filter(([, kind]) => (kind === "DNS") !== (isIP(host) !== 0));
  return `x509: certificate is valid for ${known.map(([, , name]) => name).join(", ")}, not ${host}`;
}
