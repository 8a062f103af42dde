import { request } from "node:https";
import type { KeyAndCertificate } from "../../pki/certificates";
import { LOOPBACK } from "../network/loopback";

/** Milliseconds in which a program must answer. */
const TIMEOUT = 3000;

/**
 * Asks a program on 127.0.0.1 for its health.
 *
 * @returns undefined when it answers 200, otherwise why not
 */
export async function probe(
  port: number,
  path: string,
  client: KeyAndCertificate,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const call = request(
      {
        host: LOOPBACK,
        port,
        path,
        cert: client.certificate,
        key: client.key,
        // Started by us, on a port of ours; some sign their certificate themselves.
        rejectUnauthorized: false,
        timeout: TIMEOUT,
        agent: false,
      },
      (response) => {
        response.resume();
        const { statusCode } = response;
        resolve(statusCode === 200 ? undefined : `${path} answers ${statusCode}`);
      },
    );
    call.once("timeout", () => call.destroy(new Error(`${path} does not answer`)));
    call.once("error", (error) => {
      resolve(error.message);
    });
    call.end();
  });
}
