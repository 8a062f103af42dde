import { Agent } from "node:https";
import type { Duplex } from "node:stream";
import { connect } from "node:tls";

import type { KeyAndCertificate } from "../../pki/certificates";
import { standardKeyPem } from "../../pki/keys";

/** Opens a connection to an API server that accepts one. */
export type Dial = () => Promise<Duplex>;

export interface Credentials {
  /** The CAs of the cluster's API, PEM. */
  readonly authority: string;
  readonly client: KeyAndCertificate;
}

/** Clients on nodes go to KubePrism's port on their own node, so this is the name they verify. */
const SERVER_NAME = "127.0.0.1";

/** An HTTPS agent over connections of the simulated network. */
export class DialAgent extends Agent {
  private readonly open = new Set<Duplex>();

  constructor(
    private readonly dial: Dial,
    private credentials: Credentials,
  ) {
    super({ keepAlive: true });
  }

  override createConnection(
    _: object,
    done?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.secure().then(
      (stream) => done?.(null, stream),
      (error: unknown) => {
        done?.(error as Error, undefined as unknown as Duplex);
      },
    );
  }

  /** Other ones, for the connections that are still to come. */
  renew(credentials: Credentials): void {
    this.credentials = credentials;
  }

  /** Ends all connections. */
  override destroy(): void {
    super.destroy();
    for (const stream of this.open) stream.destroy();
  }

  private async secure(): Promise<Duplex> {
    const { authority, client } = this.credentials;
    const socket = await this.dial();
    this.track(socket);
    return new Promise((resolve, reject) => {
      const secured = connect({
        socket,
        host: SERVER_NAME,
        ca: authority,
        cert: client.certificate,
        key: standardKeyPem(client.key),
        ALPNProtocols: ["http/1.1"],
      });
      this.track(secured);
      socket.once("error", reject);
      socket.once("close", () => {
        reject(new Error("the connection was closed during the handshake"));
        secured.destroy();
      });
      secured.once("error", reject);
      secured.once("secureConnect", () => {
        resolve(secured);
      });
    });
  }

  private track(stream: Duplex): void {
    this.open.add(stream);
    stream.once("close", () => this.open.delete(stream));
    // its user sees errors too; one after its use must not end the process
    stream.on("error", () => undefined);
  }
}
