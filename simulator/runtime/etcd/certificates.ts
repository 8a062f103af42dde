import { issueCertificate, type KeyAndCertificate } from "../../pki/certificates";
import type { MachineConfiguration } from "../../talos/configuration/machine-configuration";

/** Milliseconds: ten years, as Talos's certificates of etcd. */
const LIFETIME = 87_600 * 3_600_000;

/** A node's certificates of etcd, issued by the etcd CA of its own machine configuration. */
export interface EtcdCertificates {
  readonly server: KeyAndCertificate;
  readonly peer: KeyAndCertificate;
  /** Talos's own client. */
  readonly admin: KeyAndCertificate;
  /** The API server as a client. */
  readonly apiServer: KeyAndCertificate;
}

export async function issueEtcdCertificates(
  configuration: MachineConfiguration,
  hostname: string,
  address: string,
): Promise<EtcdCertificates> {
  const issue = (
    commonName: string,
    usages: readonly ("server" | "client")[],
    names?: readonly string[],
  ) =>
    issueCertificate(configuration.etcdAuthority, {
      subject: `CN=${commonName}`,
      lifetime: { from: new Date(), to: new Date(Date.now() + LIFETIME) },
      usages,
      names,
    });
  // A peer's certificate of Talos has no loopback address. Here peers come from there, and etcd
  // compares a client's certificate with where it comes from.
  const names = [hostname, "localhost", address, "127.0.0.1"];
  const [server, peer, admin, apiServer] = await Promise.all([
    issue(hostname, ["server", "client"], names),
    issue(hostname, ["server", "client"], names),
    issue("talos", ["client"]),
    issue("kube-apiserver", ["client"]),
  ]);
  return { server, peer, admin, apiServer };
}
