import { type ApiClient, STRATEGIC_MERGE_PATCH } from "./api-client";
import { isConflict, isForbidden, isNotFound } from "./api-error";
import type { Pod } from "./objects";
import { PodAddresses } from "./pod-addresses";
import { bringsNetwork, referencesOf } from "./pod-references";
import {
  finishedStatus,
  isReady,
  type PodPlace,
  runningStatus,
  shouldBeReady,
  type Waiting,
  waitingStatus,
} from "./pod-status";
import { pause } from "../pause";

/** What a node's pods need of the node. */
export interface PodHost {
  readonly client: ApiClient;
  readonly address: string;
  /** The network of the node's pods; undefined until the controller manager has given it one. */
  podNetwork(): string | undefined;
  isNetworkReady(): boolean;
  /** A CNI's pod runs: from now on the network is ready. */
  networkReady(): void;
  readonly signal: AbortSignal;
  /** A call failed; it is tried again. */
  failed(error: unknown): void;
}

interface Entry {
  pod: Pod;
  busy: boolean;
  /** When its programs started, in milliseconds since 1970. */
  started?: number;
}

/** Milliseconds between two attempts to start a pod that has to wait, and of refused calls. */
const RETRY = 500;
/** Milliseconds that a program takes: to end at SIGTERM, and to have done its work in a job. */
const TURN = 1000;
export const MIRROR = "kubernetes.io/config.mirror";

/**
 * The pods that are bound to one node. Their containers are not there: a pod's programs start at
 * once, run without end (those that are not restarted: for a second, and succeed), and end a second
 * after SIGTERM, as far as the grace period allows.
 */
export class Pods {
  private readonly addresses = new PodAddresses();
  private readonly known = new Map<string, Entry>();

  constructor(private readonly host: PodHost) {}

  all(pods: readonly Pod[]): void {
    const uids = new Set(pods.map(uidOf));
    for (const uid of [...this.known.keys()]) if (!uids.has(uid)) this.forget(uid);
    for (const pod of pods) this.changed(pod);
  }

  changed(pod: Pod): void {
    const uid = uidOf(pod);
    const known = this.known.get(uid);
    if (known) known.pod = pod;
    else this.known.set(uid, { pod, busy: false });
    void this.work(uid);
  }

  deleted(pod: Pod): void {
    this.forget(uidOf(pod));
  }

  private forget(uid: string): void {
    this.known.delete(uid);
    this.addresses.release(uid);
  }

  /** Brings a pod one step further, until there is nothing left to do; one at a time for each. */
  private async work(uid: string): Promise<void> {
    const entry = this.known.get(uid);
    if (!entry || entry.busy) return;
    entry.busy = true;
    try {
      while (!this.host.signal.aborted && this.known.get(uid) === entry) {
        const wait = await this.step(uid, entry);
        if (wait === undefined) return;
        await pause(wait, this.host.signal);
      }
    } finally {
      entry.busy = false;
    }
  }

  /** @returns Milliseconds until the next step; undefined when the next change is waited for. */
  private async step(uid: string, entry: Entry): Promise<number | undefined> {
    const { pod } = entry;
    if (pod.metadata.annotations?.[MIRROR] !== undefined) return undefined;
    try {
      if (pod.metadata.deletionTimestamp !== undefined) {
        await this.end(uid, entry);
        return undefined;
      }
      if (pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") {
        this.addresses.release(uid);
        return undefined;
      }
      if (entry.started === undefined) return await this.start(uid, entry);
      if ((pod.spec.restartPolicy ?? "Always") === "Always") {
        if (isReady(pod) === shouldBeReady(pod)) return undefined;
        await this.report(entry, runningStatus(pod, this.placeOf(uid, pod), new Date()));
        return RETRY;
      }
      const left = entry.started + TURN - Date.now();
      if (left > 0) return left;
      await this.report(entry, finishedStatus(pod, new Date()));
      return 0;
    } catch (error) {
      // it is gone, or another pod has its name
      if (isNotFound(error) || isConflict(error)) return undefined;
      this.host.failed(error);
      return RETRY;
    }
  }

  private async start(uid: string, entry: Entry): Promise<number | undefined> {
    const { pod } = entry;
    const { address: hostIP } = this.host;
    const waiting = await this.obstacle(pod);
    if (waiting) {
      const reported = JSON.stringify(pod.status?.containerStatuses?.[0]?.state);
      if (reported !== JSON.stringify({ waiting })) {
        await this.report(entry, waitingStatus(pod, hostIP, waiting, new Date()));
      }
      return RETRY;
    }
    const place = this.placeOf(uid, pod);
    await this.report(entry, runningStatus(pod, place, new Date(), { isRestarted: true }));
    entry.started = Date.now();
    if (bringsNetwork(pod)) this.host.networkReady();
    return 0;
  }

  private placeOf(uid: string, { spec }: Pod): PodPlace {
    const hostIP = this.host.address;
    if (spec.hostNetwork === true) return { hostIP, podIP: hostIP };
    return { hostIP, podIP: this.addresses.take(this.host.podNetwork() ?? "", uid) };
  }

  /** Why a pod cannot start; undefined when it can. */
  private async obstacle(pod: Pod): Promise<Waiting | undefined> {
    const isConnected = this.host.isNetworkReady() && this.host.podNetwork() !== undefined;
    if (pod.spec.hostNetwork !== true && !isConnected) return { reason: "ContainerCreating" };
    for (const { kind, name, isVariable } of referencesOf(pod)) {
      const path = `/api/v1/namespaces/${pod.metadata.namespace ?? ""}/${kind}/${name}`;
      try {
        await this.host.client.call("GET", path, { signal: this.host.signal });
      } catch (error) {
        // nodes may read what their pods name a moment after those are bound
        if (isForbidden(error)) return { reason: "ContainerCreating" };
        if (!isNotFound(error)) throw error;
        if (!isVariable) return { reason: "ContainerCreating" };
        const what = kind === "secrets" ? "secret" : "configmap";
        return { reason: "CreateContainerConfigError", message: `${what} "${name}" not found` };
      }
    }
    return undefined;
  }

  private async end(uid: string, entry: Entry): Promise<void> {
    const { pod, started } = entry;
    const grace = (pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000;
    if (started !== undefined) {
      await pause(Math.min(grace, preStopOf(pod) + TURN), this.host.signal);
    }
    if (this.host.signal.aborted || !this.known.has(uid)) return;
    if (pod.status?.phase === "Running") await this.report(entry, finishedStatus(pod, new Date()));
    await this.host.client.call("DELETE", pathOf(pod), {
      body: { gracePeriodSeconds: 0, preconditions: { uid } },
      signal: this.host.signal,
    });
  }

  private async report(entry: Entry, status: object): Promise<void> {
    const { pod } = entry;
    const reported = await this.host.client.call<Pod>("PATCH", `${pathOf(pod)}/status`, {
      contentType: STRATEGIC_MERGE_PATCH,
      body: { metadata: { uid: pod.metadata.uid }, status },
      signal: this.host.signal,
    });
    // the watch may have brought what happened since
    if (versionOf(reported) > versionOf(entry.pod)) entry.pod = reported;
  }
}

function versionOf({ metadata }: Pod): bigint {
  return BigInt(metadata.resourceVersion ?? "0");
}

function uidOf({ metadata }: Pod): string {
  return metadata.uid ?? "";
}

export function pathOf({ metadata }: Pod): string {
  return `/api/v1/namespaces/${metadata.namespace ?? "default"}/pods/${metadata.name}`;
}

/** Milliseconds that the slowest hook asks for. */
function preStopOf({ spec }: Pod): number {
  const seconds = spec.containers.map(({ lifecycle }) => lifecycle?.preStop?.sleep?.seconds ?? 0);
  return Math.max(0, ...seconds) * 1000;
}
