import { type KubernetesClient, mergePatch } from "./client";
import { KubernetesError } from "./kubernetes-error";
import type { List, NodeObject, PodObject } from "./objects";

/**
 * Marks a cordon of ours, so that a later run ends what an interrupted one began, and no other cordon.
 */
export const cordonAnnotation = "openaether.io/cordoned";

/** @throws KubernetesError, as all here do */
export async function listNodes(client: KubernetesClient): Promise<readonly NodeObject[]> {
  return (await client.call<List<NodeObject>>("GET", "/api/v1/nodes")).items;
}

/** Pods of the control plane's components, one on each control plane. */
export async function listComponents(client: KubernetesClient): Promise<readonly PodObject[]> {
  const query = { labelSelector: "tier=control-plane" };
  const path = "/api/v1/namespaces/kube-system/pods";
  return (await client.call<List<PodObject>>("GET", path, { query })).items;
}

/** Lets no new pod on a node. @param reason What for: "upgrade" */
export async function cordon(
  client: KubernetesClient,
  name: string,
  reason: string,
): Promise<void> {
  await patchNode(client, name, {
    metadata: { annotations: { [cordonAnnotation]: reason } },
    spec: { unschedulable: true },
  });
}

/** Ends a cordon of ours. */
export async function uncordon(client: KubernetesClient, name: string): Promise<void> {
  await patchNode(client, name, {
    metadata: { annotations: { [cordonAnnotation]: null } },
    spec: { unschedulable: null },
  });
}

export async function deleteNode(client: KubernetesClient, name: string): Promise<void> {
  try {
    await client.call("DELETE", `/api/v1/nodes/${name}`);
  } catch (error) {
    if (!KubernetesError.of(error).isNotFound) throw error;
  }
}

export async function podsOn(
  client: KubernetesClient,
  node: string,
): Promise<readonly PodObject[]> {
  const query = { fieldSelector: `spec.nodeName=${node}` };
  return (await client.call<List<PodObject>>("GET", "/api/v1/pods", { query })).items;
}

async function patchNode(client: KubernetesClient, name: string, body: object): Promise<void> {
  await client.call("PATCH", `/api/v1/nodes/${name}`, { body, contentType: mergePatch });
}
