import { X509Certificate } from "node:crypto";
import { managedResources } from "../../tofu/show-json";
import type { Cluster } from "../cluster/cluster";

export const kubeconfigAddress = "talos_cluster_kubeconfig.bootstrap";

/** The attributes of a kubeconfig and of the cluster's secrets in the state that are compared. */
interface Compared {
  readonly kubernetes_client_configuration?: {
    readonly ca_certificate?: string | null;
    readonly client_certificate?: string | null;
  } | null;
  readonly machine_secrets?: { readonly certs?: { readonly k8s?: { readonly cert?: string } } };
}

/**
 * Whether the state has a kubeconfig that is not from this cluster: fetched through a tunnel that
 * led to another one. The postconditions refuse it in every plan.
 * @throws UserError when the state cannot be read
 */
export async function hasForeignKubeconfig(cluster: Cluster): Promise<boolean> {
  const resources = managedResources(await cluster.shownState());
  const of = (address: string): Compared | undefined =>
    resources.find((one) => one.address === address)?.values;
  const fetched = of(kubeconfigAddress)?.kubernetes_client_configuration;
  const own = of("talos_machine_secrets.talos_config")?.machine_secrets?.certs?.k8s?.cert;
  if (fetched === undefined || own === undefined) return false;
  return fetched?.ca_certificate !== own || !isCertificate(fetched.client_certificate ?? "");
}

function isCertificate(encoded: string): boolean {
  try {
    new X509Certificate(Buffer.from(encoded, "base64"));
    return true;
  } catch {
    return false;
  }
}
