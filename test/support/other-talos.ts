import { createServer, type Server } from "node:net";
import { stringify } from "yaml";
import { createAuthority, issueCertificate } from "../../simulator/pki/certificates";
import { packKubeconfig } from "../../simulator/talos/api/kubeconfig-archive";
import { serveApi } from "../../simulator/talos/nodes/serve";

/** A program that a hostile kubeconfig makes kubectl run. */
export const hostileProgram = "/tmp/hostile-program";

/** What another cluster's Talos API returns, and which calls it got. */
export interface OtherTalos {
  readonly server: Server;
  /** Methods that were called, in order. */
  readonly calls: string[];
}

/**
 * A Talos API of another cluster: it requires no client certificate, answers every call, and
 * returns a kubeconfig of its own.
 */
export async function otherTalosApi(kubeconfig: string = hostileKubeconfig()): Promise<OtherTalos> {
  const lifetime = { from: new Date(Date.now() - 60_000), to: new Date(Date.now() + 3_600_000) };
  const authority = await createAuthority(
    "ed25519",
    "O=talos, CN=a stranger (SIMULATED)",
    lifetime,
  );
  const pair = await issueCertificate(authority, {
    subject: "CN=a stranger (SIMULATED)",
    lifetime,
    usages: ["server"],
    names: ["127.0.0.1"],
  });
  const calls: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    serveApi(socket, {
      pair,
      clientAuthorities: [],
      now: () => new Date(),
      async *answer({ path }) {
        const method = path.split("/").at(-1) ?? "";
        calls.push(method);
        yield method === "Kubeconfig" ? { bytes: await packKubeconfig(kubeconfig) } : {};
      },
    });
  });
  return { server, calls };
}

/** A kubeconfig whose user is a program, with its author's certificate authority. */
export function hostileKubeconfig(authority = "", user: object = {}): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "demo",
        cluster: { server: "https://192.0.2.66:6443", "certificate-authority-data": authority },
      },
    ],
    users: [
      {
        name: "admin@demo",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1",
            command: hostileProgram,
            interactiveMode: "Never",
          },
          ...user,
        },
      },
    ],
    contexts: [{ name: "admin@demo", context: { cluster: "demo", user: "admin@demo" } }],
    "current-context": "admin@demo",
  });
}
