import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** Whether Node's code of an error says that the expected authority did not sign a certificate. */
export function isUntrusted(code: string): boolean {
  return /UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET_ISSUER|SIGNATURE/.test(code);
}

/** What answers at the other end of a connection. */
export type Answer =
  /** TLS, with a certificate of the expected authority, or of another. */
  | "trusted"
  | "stranger"
  /** Something that is no TLS. */
  | "other"
  /** It is accepted and ended at once. */
  | "ended"
  /** It is accepted, and then nothing comes. */
  | "silent"
  /** Nothing listens. */
  | "closed";

export interface Probe {
  /** A local port, or a socket's file. */
  readonly to: number | string;
  /** As PEM; without it, any TLS is a stranger. */
  readonly authority?: string;
  /** In milliseconds. */
  readonly patience: number;
}

/** Connects and shakes hands, nothing more. */
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
        // Whom it is from is for us to say; whose name it bears does not matter.
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
