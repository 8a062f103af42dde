import type { ApiClient } from "./api-client";
import { ApiError, isNotFound, textOf } from "./api-error";
import type { Pod } from "./objects";
import { isOver, pause } from "../pause";
import { MIRROR, pathOf } from "./pods";

interface EvictOptions {
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds, all as Talos has them. */
const TIMEOUT = 5 * 60_000;
const RETRY = 5000;
const DELETION_POLL = 1000;
const GRACE_SECONDS = 60;

/**
 * Evicts the pods of a node as Talos does before it takes a machine down: those that a controller
 * replaces, and no DaemonSet's. A budget that forbids it is asked again, for five minutes; pods that
 * are left then are not waited for.
 *
 * @throws ApiError, Error when the pods cannot be listed
 */
export async function evictPods(
  client: ApiClient,
  node: string,
  { log, signal }: EvictOptions,
): Promise<void> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]);
  const { items } = await client.call<{ items: Pod[] }>("GET", "/api/v1/pods", {
    query: { fieldSelector: `spec.nodeName=${node}` },
    signal: limited,
  });
  const evicted = items.filter(isEvicted);
  await Promise.all(
    evicted.map(async (pod) => {
      try {
        await evict(client, pod, limited);
      } catch (error) {
        const { namespace = "", name } = pod.metadata;
        log(`WARNING: failed to evict pod ${namespace}/${name}: ${textOf(error)}`);
      }
    }),
  );
}

function isEvicted({ metadata }: Pod): boolean {
  const owners = (metadata.ownerReferences ?? []) as { controller?: boolean; kind: string }[];
  const controller = owners.find((owner) => owner.controller === true);
  const isMirror = metadata.annotations?.[MIRROR] !== undefined;
  return !isMirror && controller !== undefined && controller.kind !== "DaemonSet";
}

async function evict(client: ApiClient, pod: Pod, signal: AbortSignal): Promise<void> {
  const { name, namespace, uid } = pod.metadata;
  const body = {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name, namespace },
    deleteOptions: { gracePeriodSeconds: GRACE_SECONDS },
  };
  for (;;) {
    signal.throwIfAborted();
    try {
      await client.call("POST", `${pathOf(pod)}/eviction`, { body, signal });
      break;
    } catch (error) {
      if (isNotFound(error)) return;
      if (!(error instanceof ApiError) || error.status !== 429) throw error;
      await pause(RETRY, signal);
    }
  }
  while (!isOver(signal)) {
    try {
      const { metadata } = await client.call<Pod>("GET", pathOf(pod), { signal });
      if (metadata.uid !== uid) return;
    } catch (error) {
      if (isNotFound(error)) return;
      throw error;
    }
    await pause(DELETION_POLL, signal);
  }
}
