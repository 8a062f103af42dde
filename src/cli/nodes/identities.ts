import { issueCertificate, type KeyAndCertificate } from "../../../simulator/pki/certificates";
import { standardKeyPem } from "../../../simulator/pki/keys";
import { UserError } from "../../errors";
import type { Identity } from "../../talos/connection";
import type { ReadState } from "../../tofu/state-file";

export interface Identities {
  readonly talos: Identity;
  readonly kubernetes: Identity;
}

/** In milliseconds: no roll through a large cluster takes longer. */
const lifetime = 24 * 3_600_000;
/** In milliseconds, for clocks of nodes that are behind. */
const behind = 60_000;

/**
 * New certificates of an administrator, signed by the cluster's own authorities, for this process
 * alone: what is in kubeconfig and talosconfig may have expired.
 * @throws UserError while the state has no keys
 */
export async function identitiesFrom({ outputs }: Pick<ReadState, "outputs">): Promise<Identities> {
  const secrets = outputs["machine_secrets"]?.value as MachineSecrets | undefined;
  if (secrets === undefined) {
    throw new UserError("The state has no keys of the cluster yet.\n\n  ./openaether up");
  }
  const { os, k8s } = secrets.certs;
  const [talos, kubernetes] = await Promise.all([
    issued(os, "O=os:admin"),
    issued(k8s, "O=system:masters, CN=openaether"),
  ]);
  return { talos, kubernetes };
}

/** The part of the output that is read; base64 of PEM. */
interface MachineSecrets {
  readonly certs: Readonly<Record<"k8s" | "os", { readonly cert: string; readonly key: string }>>;
}

async function issued(
  { cert, key }: { readonly cert: string; readonly key: string },
  subject: string,
): Promise<Identity> {
  const authority: KeyAndCertificate = { certificate: fromBase64(cert), key: fromBase64(key) };
  const now = Date.now();
  const client = await issueCertificate(authority, {
    subject,
    lifetime: { from: new Date(now - behind), to: new Date(now + lifetime) },
    usages: ["client"],
  });
  return {
    authority: authority.certificate,
    certificate: client.certificate,
    // Talos's own header of Ed25519 keys is unknown to Node's TLS.
    key: standardKeyPem(client.key),
  };
}

function fromBase64(text: string): string {
  return Buffer.from(text, "base64").toString();
}
