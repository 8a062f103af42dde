import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer, type Socket, connect } from "node:net";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream";

export const LOOPBACK = "127.0.0.1";

/**
 * A free port of 127.0.0.1. It is below those that the operating system hands out by itself (from 32768 on
 * Linux, from 49152 elsewhere), so that no connection gets it before it is used, or while its program
 * restarts. Another program may still take it: a program that is started with it is started again.
 *
 * @param preferred Where the program listened before. @default - any
 * @throws Error when a hundred of them are taken
 */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) return preferred;
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(16384, 32768);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port found on ${LOOPBACK} from 16384 to 32767.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, LOOPBACK);
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
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
