import type { TalosNode } from "../../talos/nodes/node";
import { type ApiClient, STRATEGIC_MERGE_PATCH } from "./api-client";
import { ApiError } from "./api-error";
import { isReported } from "./is-reported";
import { nodeConditions, ownLabels, registeredNode, systemStatus } from "./node-object";
import type { NodeObject } from "./objects";

/** Creates the Node; one that is there already gets back the labels that a kubelet owns. */
export async function registerNode(
  client: ApiClient,
  node: TalosNode,
  signal: AbortSignal,
): Promise<void> {
  try {
    await client.call("POST", "/api/v1/nodes", { body: registeredNode(node), signal });
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== "AlreadyExists") throw error;
    await client.call("PATCH", pathOfNode(node), {
      contentType: STRATEGIC_MERGE_PATCH,
      body: { metadata: { labels: ownLabels(node.hostname) } },
      signal,
    });
  }
}

/**
 * Writes the Node's status where it differs from what it should be.
 *
 * @param present The Node as it is.
 * @returns It as it is now.
 */
export async function reportStatus(
  client: ApiClient,
  node: TalosNode,
  present: NodeObject,
  isNetworkReady: boolean,
  signal: AbortSignal,
): Promise<NodeObject> {
  const health = { isNetworkReady, now: new Date() };
  const conditions = nodeConditions(health, present.status?.conditions);
  const status = { ...systemStatus(node), conditions };
  if (isReported(status, present)) return present;
  return client.call<NodeObject>("PATCH", `${pathOfNode(node)}/status`, {
    contentType: STRATEGIC_MERGE_PATCH,
    body: { status },
    signal,
  });
}

export function pathOfNode({ hostname }: TalosNode): string {
  return `/api/v1/nodes/${hostname}`;
}
