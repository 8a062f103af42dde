import { type ConditionalWrites, probeConditionalWrites } from "./conditional-writes";
import type { ObjectStore } from "./object-store";

/** In milliseconds. */
const longestAnswer = 30_000;

export interface BucketCreation {
  /** False where it was there before, and is this account's. */
  readonly isNew: boolean;
  /** Whether it answers without credentials: a policy of its account makes it public. */
  readonly isPublic: boolean;
  readonly keepsVersions: boolean;
  readonly conditionalWrites: ConditionalWrites;
}

/**
 * Creates a private bucket that keeps versions: without them only where a lock could not be taken twice
 * with them. One that exists is left as it is.
 * @param prefix Where a probe object may be
 * @throws ObjectStoreError, with the problem "denied" where it is another account's
 */
export async function createBucket(store: ObjectStore, prefix: string): Promise<BucketCreation> {
  const isNew = !(await store.exists());
  if (isNew) {
    await store.create();
    await store.keepVersions();
  }
  let conditionalWrites = await probeConditionalWrites(store, prefix);
  if (isNew && conditionalWrites === "refused after a deletion") {
    // Versions that were kept once stay in the way after they are suspended.
    await store.remove();
    await store.create();
    conditionalWrites = await probeConditionalWrites(store, prefix);
  }
  return {
    isNew,
    isPublic: await isPublic(store),
    keepsVersions: await store.keepsVersions(),
    conditionalWrites,
  };
}

/** Whether the bucket lists its objects without credentials. */
export async function isPublic({ bucket }: ObjectStore): Promise<boolean> {
  const { ok } = await fetch(`${bucket.endpoint}/${bucket.name}?list-type=2&max-keys=1`, {
    signal: AbortSignal.timeout(longestAnswer),
    redirect: "manual",
  });
  return ok;
}
