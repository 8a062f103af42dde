import { stringify } from "yaml";

import { issueCertificate } from "../../pki/certificates";
import type { MachineConfiguration } from "../configuration/machine-configuration";
import { parseGoDuration } from "../go-duration";
import { toBase64 } from "../values";

/** How far a certificate is backdated, against clock skew (Talos 1.13). */
const ALLOWED_SKEW = 10_000;

/**
 * An administrator's kubeconfig, created from the machine configuration alone: neither etcd nor
 * Kubernetes is involved. The certificate is real, issued by the cluster's own CA, and says in its
 * name that it is simulated.
 */
export async function adminKubeconfig(
  configuration: MachineConfiguration,
  now: Date,
): Promise<string> {
  const authority = configuration.kubernetesAuthority;
  const lifetime = parseGoDuration(configuration.kubeconfigLifetime);
  const client = await issueCertificate(authority, {
    subject: "O=system:masters, CN=admin (SIMULATED)",
    lifetime: {
      from: new Date(now.getTime() - ALLOWED_SKEW),
      to: new Date(now.getTime() + lifetime),
    },
    usages: ["client"],
  });
  const name = configuration.clusterName;
  const user = `admin@${name}`;
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name,
          cluster: {
            server: configuration.endpoint,
            "certificate-authority-data": toBase64(configuration.kubernetesAuthorities.join("\n")),
          },
        },
      ],
      users: [
        {
          name: user,
          user: {
            "client-certificate-data": toBase64(client.certificate),
            "client-key-data": toBase64(client.key),
          },
        },
      ],
      contexts: [{ name: user, context: { cluster: name, namespace: "default", user } }],
      "current-context": user,
    },
    { indent: 4, lineWidth: 0 },
  );
}
