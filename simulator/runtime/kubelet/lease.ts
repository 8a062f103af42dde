import type { ApiClient } from "./api-client";
import { isNotFound } from "./api-error";
import type { NodeObject } from "./objects";

const LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

/**
 * Renews a node's lease, or creates it: what the controller manager takes for a sign of life.
 *
 * @param node undefined until it is known; a lease that is created then has no owner.
 * @param heartbeat Milliseconds between renewals, a quarter of what a lease is good for.
 */
export async function renewLease(
  client: ApiClient,
  name: string,
  node: NodeObject | undefined,
  heartbeat: number,
  signal: AbortSignal,
): Promise<void> {
  const spec = {
    holderIdentity: name,
    leaseDurationSeconds: Math.ceil((heartbeat * 4) / 1000),
    // microseconds, as Kubernetes wants them here
    renewTime: new Date().toISOString().replace("Z", "000Z"),
  };
  try {
    await client.call("PATCH", `${LEASES}/${name}`, {
      contentType: "application/merge-patch+json",
      body: { spec },
      signal,
    });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const uid = node?.metadata.uid;
    const owner = { apiVersion: "v1", kind: "Node", name, uid };
    const metadata = { name, ...(uid !== undefined && { ownerReferences: [owner] }) };
    await client.call("POST", LEASES, { body: { metadata, spec }, signal });
  }
}
