import { connect, createServer, type Server, type Socket } from "node:net";

/**
 * A port of 127.0.0.1 that leads to a Unix socket, for programs that know only ports. A
 * client must still have a certificate of the cluster's.
 */
export class Bridge {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param socketOf Asked at every connection: a login that ended is replaced by another */
  static open(socketOf: () => Promise<string>): Promise<Bridge> {
    return new Promise((resolve, reject) => {
      const server = createServer((incoming) => {
        bridge.join(incoming, socketOf);
      });
      server.once("error", reject);
      let bridge: Bridge;
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        bridge = new Bridge(server, typeof address === "object" ? (address?.port ?? 0) : 0);
        resolve(bridge);
      });
    });
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private join(incoming: Socket, socketOf: () => Promise<string>): void {
    const end = () => incoming.destroy();
    this.keep(incoming);
    socketOf().then((path) => {
      const outgoing = connect(path);
      this.keep(outgoing);
      outgoing.once("error", end).once("close", end);
      incoming.once("error", () => outgoing.destroy()).once("close", () => outgoing.destroy());
      incoming.pipe(outgoing).pipe(incoming);
    }, end);
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.once("close", () => this.sockets.delete(socket));
    socket.on("error", () => undefined);
  }
}
