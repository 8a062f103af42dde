import { issueCertificate, type KeyAndCertificate } from "../../pki/certificates";
import type { TalosNode } from "../../talos/nodes/node";
import type { Credentials } from "./dial-agent";

const YEAR = 365 * 24 * 3_600_000;

/** Who signs for a node, and whom it trusts. */
export interface Authorities {
  readonly issuing: KeyAndCertificate;
  /** PEM. */
  readonly accepted: string;
}

/**
 * The CA that signs for a node: workers know only its certificate, and get theirs signed by a
 * control plane of their cluster; while a CA is being rotated, by one whose CA they accept.
 */
export function authoritiesOf(
  { configuration }: TalosNode,
  nodes: readonly TalosNode[],
): Authorities | undefined {
  const accepted = configuration?.kubernetesAuthorities ?? [];
  const issuing = [configuration, ...nodes.map((node) => node.configuration)]
    .map((each) => each?.kubernetesAuthority)
    .find((each) => each?.key && accepted.includes(each.certificate));
  return issuing && { issuing, accepted: accepted.join("\n") };
}

/** A node's own credentials: the authorizer for nodes decides what it may do. */
export async function kubeletCredentials(
  node: TalosNode,
  authorities: Authorities,
): Promise<Credentials> {
  return credentials(`O=system:nodes, CN=system:node:${node.hostname}`, authorities);
}

/** Those with which Talos itself works on a control plane. */
export async function talosCredentials(authorities: Authorities): Promise<Credentials> {
  return credentials("O=system:masters, CN=talos:admin", authorities);
}

async function credentials(
  subject: string,
  { issuing, accepted }: Authorities,
): Promise<Credentials> {
  const now = Date.now();
  const client = await issueCertificate(issuing, {
    subject,
    lifetime: { from: new Date(now - 10_000), to: new Date(now + YEAR) },
    usages: ["client"],
  });
  return { authority: accepted, client };
}
