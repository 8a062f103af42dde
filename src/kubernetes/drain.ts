import { setTimeout as pause } from "node:timers/promises";
import type { KubernetesClient } from "./client";
import { KubernetesError } from "./kubernetes-error";
import { podsOn } from "./nodes";
import type { PodObject } from "./objects";

export interface DrainOptions {
  /** In milliseconds, for all pods. @default 5 minutes, kubectl's and talosctl's usual one */
  readonly patience?: number;
  /** Whether pods that no controller replaces go too: where the machine is destroyed. */
  readonly isFinal?: boolean;
  /** In milliseconds, between two attempts at a pod. @default 5 s, as kubectl */
  readonly between?: number;
}

/** Pods that are still there, with the API's reason: a PodDisruptionBudget's name. */
export class DrainBlocked extends Error {
  constructor(
    readonly node: string,
    /** "default/web-0: Cannot evict pod as it would violate the pod's disruption budget. …" */
    readonly pods: readonly string[],
  ) {
    super(`${node} could not be drained: ${pods.join("; ")}`);
  }
}

/**
 * Evicts a node's pods as `kubectl drain --ignore-daemonsets --delete-emptydir-data` does, and waits
 * until they are gone. The node must be cordoned.
 * @throws DrainBlocked after the patience, with what is left
 * @throws KubernetesError
 */
export async function drain(
  client: KubernetesClient,
  node: string,
  { patience = 5 * 60_000, isFinal = false, between = 5000 }: DrainOptions = {},
): Promise<void> {
  const end = Date.now() + patience;
  const refusals = new Map<string, string>();
  for (;;) {
    const left = (await podsOn(client, node)).filter((pod) => isDrained(pod, isFinal));
    if (left.length === 0) return;
    for (const pod of left) {
      if (pod.metadata.deletionTimestamp !== undefined) continue;
      const refusal = await evict(client, pod);
      if (refusal === undefined) refusals.delete(nameOf(pod));
      else refusals.set(nameOf(pod), refusal);
    }
    if (Date.now() >= end) {
      const reasons = left.map((pod) => {
        return `${nameOf(pod)}: ${refusals.get(nameOf(pod)) ?? "it does not end"}`;
      });
      throw new DrainBlocked(node, reasons);
    }
    const isWaiting = refusals.size === 0;
    await pause(Math.min(isWaiting ? 500 : between, Math.max(0, end - Date.now())));
  }
}

/** A static pod cannot be evicted; a DaemonSet's would be created again at once. */
function isDrained({ metadata, status }: PodObject, isFinal: boolean): boolean {
  if (metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined) return false;
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return isFinal;
  const controller = metadata.ownerReferences?.find((owner) => owner.controller === true);
  if (controller === undefined) return isFinal;
  return controller.kind !== "DaemonSet";
}

/** @returns the API's reason where a PodDisruptionBudget forbids it for now */
async function evict(client: KubernetesClient, pod: PodObject): Promise<string | undefined> {
  const { name, namespace = "default" } = pod.metadata;
  const body = {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name, namespace },
  };
  try {
    await client.call("POST", `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, { body });
    return undefined;
  } catch (error) {
    const refusal = KubernetesError.of(error);
    if (refusal.isNotFound) return undefined;
    if (!refusal.isTooManyRequests) throw error;
    return refusal.message;
  }
}

function nameOf({ metadata: { name, namespace = "default" } }: PodObject): string {
  return `${namespace}/${name}`;
}
