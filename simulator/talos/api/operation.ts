import type { Values } from "../../protocol/model";
import { ApiConnection } from "./call";
import { identityOf, openTls, parseEndpoint } from "./connection";

export interface Target {
  /** Where to connect: "127.0.0.1", "127.0.0.1:50901". */
  readonly endpoint: string;
  /** Which node is meant, as metadata of the call. */
  readonly node: string;
  /** In the form of `client_configuration`. */
  readonly client: Values;
}

/**
 * One attempt, as provider 0.11.0 makes it: a probe without identity, which only a node in
 * maintenance mode answers; then the operation over that connection, or over a second one with
 * mutual TLS.
 */
export async function operate<T>(
  target: Target,
  now: Date,
  signal: AbortSignal,
  operation: (connection: ApiConnection) => Promise<T>,
): Promise<T> {
  const probe = await open(target, now, signal, false).catch(() => undefined);
  const answers = await probe?.call("Disks", {}, target.node).then(
    () => true,
    () => false,
  );
  if (probe && answers) return closing(probe, operation);
  probe?.close();
  signal.throwIfAborted();
  return closing(await open(target, now, signal, true), operation);
}

async function open(
  { endpoint, client }: Target,
  now: Date,
  signal: AbortSignal,
  isVerified: boolean,
): Promise<ApiConnection> {
  const where = parseEndpoint(endpoint);
  const socket = await openTls(where, isVerified ? identityOf(client) : undefined, now, signal);
  return new ApiConnection(socket, `${where.host}:${where.port}`, signal);
}

async function closing<T>(
  connection: ApiConnection,
  operation: (connection: ApiConnection) => Promise<T>,
): Promise<T> {
  try {
    return await operation(connection);
  } finally {
    connection.close();
  }
}
