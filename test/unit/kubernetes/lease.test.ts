import { describe, expect, test } from "@jest/globals";
import type { KubernetesClient, RequestOptions } from "../../../src/kubernetes/client";
import { KubernetesError } from "../../../src/kubernetes/kubernetes-error";
import { Lease, LeaseHeld, leaseNote, releaseAbandoned } from "../../../src/kubernetes/lease";

interface Stored {
  metadata: { resourceVersion?: string; annotations?: Record<string, string> };
  spec: { holderIdentity?: string; renewTime?: string };
}

/** One lease of an API that refuses a stale resourceVersion. */
class FakeApi {
  stored: Stored | undefined;
  /** Does not answer the next call. */
  isAway = false;
  private version = 0;

  client = () => {
    const call = (method: string, _: string, { body }: RequestOptions = {}) =>
      this.answer(method, body as Stored);
    return Promise.resolve({ call } as unknown as KubernetesClient);
  };

  private answer(method: string, body: Stored): Promise<unknown> {
    const { stored, isAway } = this;
    this.isAway = false;
    if (isAway) return Promise.reject(new KubernetesError(undefined, "connection refused"));
    if (method === "GET") {
      return stored === undefined
        ? Promise.reject(new KubernetesError(404, "not found"))
        : Promise.resolve(structuredClone(stored));
    }
    if (method === "PATCH" && stored !== undefined) {
      stored.metadata = { ...stored.metadata, ...body.metadata };
      return Promise.resolve(stored);
    }
    const isStale = stored?.metadata.resourceVersion !== body.metadata.resourceVersion;
    if (isStale) return Promise.reject(new KubernetesError(409, "conflict"));
    this.version += 1;
    const metadata = { ...body.metadata, resourceVersion: String(this.version) };
    this.stored = { ...body, metadata };
    return Promise.resolve(this.stored);
  }
}

const acquire = (api: FakeApi, holder: string, isGone = () => false) =>
  Lease.acquire(api.client, { name: "openaether", holder, isGone });

describe("the lease of a run that works on nodes", () => {
  test("is held by one run until it releases it", async () => {
    const api = new FakeApi();
    const first = await acquire(api, "kim");
    await expect(acquire(api, "lee")).rejects.toMatchObject({ holder: "kim" });
    await expect(acquire(api, "lee")).rejects.toBeInstanceOf(LeaseHeld);
    await first.release();
    await (await acquire(api, "lee")).release();
    expect(api.stored?.spec.holderIdentity).toBe("");
  });

  test("is taken over from a run that no longer renews it, or is known to be gone", async () => {
    const api = new FakeApi();
    await acquire(api, "kim");
    await (await acquire(api, "lee", () => true)).release();
    await acquire(api, "kim");
    api.stored!.spec.renewTime = new Date(Date.now() - 100_000).toISOString();
    await (await acquire(api, "lee")).release();
  });

  test("is released for a run that is known to be gone, and for no other", async () => {
    const api = new FakeApi();
    await acquire(api, "kim");
    const release = async (isGone: boolean) =>
      releaseAbandoned(await api.client(), { name: "openaether", isGone: () => isGone });
    await release(false);
    expect(api.stored?.spec.holderIdentity).toBe("kim");
    await release(true);
    expect(api.stored?.spec.holderIdentity).toBe("");
    await release(true);
  });

  test("stays with the one who has taken it, when the one before releases it", async () => {
    const api = new FakeApi();
    const first = await acquire(api, "kim");
    await acquire(api, "lee", () => true);
    await first.release();
    expect(api.stored?.spec.holderIdentity).toBe("lee");
  });

  test("is released though the API does not answer once", async () => {
    const api = new FakeApi();
    const lease = await acquire(api, "kim");
    api.isAway = true;
    await lease.release();
    expect(api.stored?.spec.holderIdentity).toBe("");
  });

  test("keeps its notes for later runs", async () => {
    const api = new FakeApi();
    const first = await acquire(api, "kim");
    await first.setNote("due", "true");
    await first.release();
    expect(await leaseNote(await api.client(), "openaether", "due")).toBe("true");
  });
});
