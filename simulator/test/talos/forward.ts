import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

import type { TalosNodes } from "../../talos";

/** A local port that leads to a node, like a tunnel through the bastion. */
export async function openForward(
  nodes: TalosNodes,
  address: string,
  { port = 50_000, source = "172.16.7.250" } = {},
): Promise<Forward> {
  const refusals: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    nodes.connect(address, port, source).then(
      (connection) => {
        socket.pipe(connection).pipe(socket);
        connection.on("error", () => undefined);
        connection.once("close", () => socket.destroy());
        socket.once("close", () => connection.destroy());
      },
      (error: unknown) => {
        refusals.push(String(error));
        socket.destroy();
      },
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    refusals,
    close: () => void server.close(),
  };
}

export interface Forward {
  readonly endpoint: string;
  /** Why connections were refused, in order. */
  readonly refusals: string[];
  close(): void;
}
