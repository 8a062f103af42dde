import type { ObjectStore } from "./object-store";

/** In milliseconds. */
const longestAnswer = 30_000;

export interface BucketCreation {
  /** False where it was there before, and is this account's. */
  readonly isNew: boolean;
  /** Whether it answers without credentials: a policy of its account makes it public. */
  readonly isPublic: boolean;
}

/**
 * Creates a private bucket that keeps versions. One that exists is completed, as after an interruption.
 * @throws ObjectStoreError, with the problem "denied" where it is another account's
 */
export async function createBucket(store: ObjectStore): Promise<BucketCreation> {
  const isNew = !(await store.exists());
  if (isNew) await store.create();
  if (!(await store.keepsVersions())) await store.keepVersions();
  return { isNew, isPublic: await isPublic(store) };
}

/** Whether the bucket lists its objects without credentials. */
export async function isPublic({ bucket }: ObjectStore): Promise<boolean> {
  const { ok } = await fetch(`${bucket.endpoint}/${bucket.name}?list-type=2&max-keys=1`, {
    signal: AbortSignal.timeout(longestAnswer),
    redirect: "manual",
  });
  return ok;
}
