import { issueCertificate, type KeyAndCertificate } from "../../pki/certificates";
import type { TalosNode } from "../../talos/nodes/node";
import type { Credentials } from "./dial-agent";

const YEAR = 365 * 24 * 3_600_000;

/**
 * The CA that signs for a node: workers know only its certificate, and get theirs signed by a
 * control plane of their cluster.
 */
export function authorityOf(
  node: TalosNode,
  nodes: readonly TalosNode[],
): KeyAndCertificate | undefined {
  const own = node.configuration?.kubernetesAuthority;
  return nodes
    .map(({ configuration }) => configuration?.kubernetesAuthority)
    .find((other) => other?.key && other.certificate === own?.certificate);
}

/** A node's own credentials: the authorizer for nodes decides what it may do. */
export async function kubeletCredentials(
  node: TalosNode,
  authority: KeyAndCertificate,
): Promise<Credentials> {
  return credentials(`O=system:nodes, CN=system:node:${node.hostname}`, authority);
}

/** Those with which Talos itself works on a control plane. */
export async function talosCredentials(authority: KeyAndCertificate): Promise<Credentials> {
  return credentials("O=system:masters, CN=talos:admin", authority);
}

async function credentials(subject: string, authority: KeyAndCertificate): Promise<Credentials> {
  const now = Date.now();
  const client = await issueCertificate(authority, {
    subject,
    lifetime: { from: new Date(now - 10_000), to: new Date(now + YEAR) },
    usages: ["client"],
  });
  return { authority: authority.certificate, client };
}
