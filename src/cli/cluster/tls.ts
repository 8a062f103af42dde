import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** Whether Node's error code says that another CA than the expected one signed a certificate. */
export function isUntrusted(code: string): boolean {
  return /UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET_ISSUER|SIGNATURE/.test(code);
}

/** What answers at the other end of a connection. */
export type Answer =
  /** TLS, with a certificate of the expected CA, or of another. */
  | "trusted"
  | "stranger"
  /** A server without TLS. */
  | "other"
  /** It is accepted and closed at once. */
  | "ended"
  /** It is accepted, and then silent. */
  | "silent"
  /** Nothing listens. */
  | "closed";

export interface Probe {
  /** A local port, or a socket's file. */
  readonly to: number | string;
  /** As PEM; without it, any TLS counts as untrusted. */
  readonly authority?: string;
  /** In milliseconds. */
  readonly patience: number;
}

/** Connects and performs the TLS handshake. */
export function probe({ to, authority, patience }: Probe): Promise<Answer> {
  return new Promise((resolve) => {
    const plain: Socket = typeof to === "number" ? connectPlain(to, "127.0.0.1") : connectPlain(to);
    const timer = setTimeout(() => {
      end("silent");
    }, patience);
    const end = (answer: Answer) => {
      clearTimeout(timer);
      plain.destroy();
      resolve(answer);
    };
    let received = 0;
    plain.once("error", () => {
      end(received > 0 ? "other" : "closed");
    });
    plain.once("connect", () => {
      plain.once("data", (bytes) => (received += bytes.length));
      const tls = connectTls({
        socket: plain,
        ...(authority === undefined ? {} : { ca: authority }),
        // Only the issuer is checked, not the name in the certificate.
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
      });
      tls.once("secureConnect", () => {
        end(tls.authorized ? "trusted" : "stranger");
      });
      tls.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "EPROTO" || error.code?.startsWith("ERR_SSL") === true) end("other");
        else end(received > 0 ? "other" : "ended");
      });
      tls.once("close", () => {
        end(received > 0 ? "other" : "ended");
      });
    });
  });
}
