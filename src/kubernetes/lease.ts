import { setTimeout as pause } from "node:timers/promises";
import { type KubernetesClient, mergePatch } from "./client";
import { KubernetesError } from "./kubernetes-error";
import type { ObjectMeta } from "./objects";

const path = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
/** In seconds. A holder that does not renew for so long is gone: longer than an API server's restart. */
const duration = 90;
/** In milliseconds. */
const renewal = 20_000;
/** In milliseconds, to release it: a connection that has just ended is opened again. */
const releasing = 5000;

interface LeaseObject {
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
  };
}

/** Another run holds it. */
export class LeaseHeld extends Error {
  constructor(
    readonly holder: string,
    /** ISO 8601. */
    readonly since: string,
  ) {
    super(`${holder} holds it since ${since}`);
  }
}

export interface LeaseOptions {
  readonly name: string;
  /** Who holds it: unique to a run. */
  readonly holder: string;
  /** Whether a holder is certainly gone, though it has not released it. */
  readonly isGone: (holder: string) => boolean;
}

/** A lock in Kubernetes, held by one run at a time: taken over when its holder no longer renews it. */
export class Lease {
  private timer: NodeJS.Timeout | undefined;
  private renewing: Promise<void> = Promise.resolve();
  private takenFrom: string | undefined;

  private constructor(
    private readonly clientOf: () => Promise<KubernetesClient>,
    private readonly options: LeaseOptions,
  ) {}

  /**
   * @param clientOf Asked at every renewal: a connection may have ended
   * @throws LeaseHeld, KubernetesError
   */
  static async acquire(
    clientOf: () => Promise<KubernetesClient>,
    options: LeaseOptions,
  ): Promise<Lease> {
    const lease = new Lease(clientOf, options);
    await lease.take();
    lease.timer = setInterval(() => {
      lease.renewing = lease.take().catch((error: unknown) => {
        // The API of the only control plane is away while that one reboots.
        if (error instanceof LeaseHeld) lease.takenFrom = error.holder;
      });
    }, renewal);
    lease.timer.unref();
    return lease;
  }

  /** Who has taken it from us, since we could not renew it in time. */
  get lostTo(): string | undefined {
    return this.takenFrom;
  }

  /** A note on it, which later holders find. @param value Null removes it */
  async setNote(key: string, value: string | null): Promise<void> {
    await this.renewing;
    const client = await this.clientOf();
    const body = { metadata: { annotations: { [key]: value } } };
    await client.call("PATCH", `${path}/${this.options.name}`, { body, contentType: mergePatch });
  }

  /** @throws KubernetesError where the API does not answer for some seconds: it ends by itself then */
  async release(): Promise<void> {
    clearInterval(this.timer);
    await this.renewing;
    for (const end = Date.now() + releasing; ;) {
      try {
        await this.letGo();
        return;
      } catch (error) {
        if (Date.now() >= end) throw error;
        await pause(500);
      }
    }
  }

  private async letGo(): Promise<void> {
    const client = await this.clientOf();
    const found = await this.read(client);
    if (found?.spec.holderIdentity !== this.options.holder) return;
    await replaceLease(client, { ...found, spec: { ...found.spec, holderIdentity: "" } });
  }

  private async take(): Promise<void> {
    const client = await this.clientOf();
    const found = await this.read(client);
    const now = new Date().toISOString().replace("Z", "000Z");
    const { name, holder, isGone } = this.options;
    const { holderIdentity: other = "", acquireTime = now } = found?.spec ?? {};
    const isOurs = other === holder;
    if (found !== undefined && !isOurs && other !== "" && !isOld(found) && !isGone(other)) {
      throw new LeaseHeld(other, acquireTime);
    }
    const spec = {
      holderIdentity: holder,
      leaseDurationSeconds: duration,
      acquireTime: isOurs ? acquireTime : now,
      renewTime: now,
    };
    try {
      if (found !== undefined) await replaceLease(client, { ...found, spec });
      else {
        const metadata = { name, namespace: "kube-system" };
        const body = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec };
        await client.call("POST", path, { body });
      }
    } catch (error) {
      if (!KubernetesError.of(error).isConflict) throw error;
      // Another one was faster; or a request of ours that seemed lost was not.
      const taken = (await this.read(client))?.spec;
      if (taken?.holderIdentity === holder) return;
      throw new LeaseHeld(taken?.holderIdentity ?? "another run", taken?.acquireTime ?? now);
    }
  }

  private read(client: KubernetesClient): Promise<LeaseObject | undefined> {
    return readLease(client, this.options.name);
  }
}

/** Its resourceVersion lets the API refuse it when another run has changed it meanwhile. */
async function replaceLease(client: KubernetesClient, body: LeaseObject): Promise<void> {
  await client.call("PUT", `${path}/${body.metadata.name}`, { body });
}

/** Releases a lease whose holder is gone: others need not wait until it is old. @throws KubernetesError */
export async function releaseAbandoned(
  client: KubernetesClient,
  { name, isGone }: Pick<LeaseOptions, "name" | "isGone">,
): Promise<void> {
  const found = await readLease(client, name);
  const holder = found?.spec.holderIdentity ?? "";
  if (found === undefined || holder === "" || !isGone(holder)) return;
  try {
    await replaceLease(client, { ...found, spec: { ...found.spec, holderIdentity: "" } });
  } catch (error) {
    // Another run has taken it meanwhile.
    if (!KubernetesError.of(error).isConflict) throw error;
  }
}

/** A note on a lease, also of one that others hold. @throws KubernetesError */
export async function leaseNote(
  client: KubernetesClient,
  name: string,
  key: string,
): Promise<string | undefined> {
  return (await readLease(client, name))?.metadata.annotations?.[key];
}

async function readLease(client: KubernetesClient, name: string): Promise<LeaseObject | undefined> {
  try {
    return await client.call<LeaseObject>("GET", `${path}/${name}`);
  } catch (error) {
    if (KubernetesError.of(error).isNotFound) return undefined;
    throw error;
  }
}

/** By our own clock, as leader election does it: clocks that differ by minutes shorten or prolong it. */
function isOld({
  spec: { renewTime = "", leaseDurationSeconds = duration },
}: LeaseObject): boolean {
  const renewed = Date.parse(renewTime);
  return Number.isNaN(renewed) || Date.now() - renewed > leaseDurationSeconds * 1000;
}
