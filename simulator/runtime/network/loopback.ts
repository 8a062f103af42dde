import { createServer, type Socket, connect } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream";

export const LOOPBACK = "127.0.0.1";

/**
 * A free port of 127.0.0.1. Another program may take it before it is used: a program that is started
 * with it is started again.
 *
 * @param preferred Where the program listened before. @default - by the operating system's choice
 */
export async function freePort(preferred = 0): Promise<number> {
  const server = createServer().listen(preferred, LOOPBACK);
  try {
    await once(server, "listening");
  } catch (error) {
    if (preferred !== 0) return freePort();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** @throws Error of the operating system: ECONNREFUSED */
export async function connectLoopback(port: number): Promise<Socket> {
  const socket = connect({ host: LOOPBACK, port, noDelay: true });
  try {
    await once(socket, "connect");
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return socket;
}

/** Copies both ways until both directions have ended; an error of one ends both. */
export function join(one: Duplex, other: Duplex): void {
  pipeline(one, other, one, () => {
    one.destroy();
    other.destroy();
  });
}
