import { randomUUID } from "node:crypto";
import type { ObjectStore } from "./object-store";
import { ObjectStoreError } from "./object-store-error";

/**
 * What a store does with a write that must not replace an object, on which tofu's lock rests: "honored";
 * "ignored", it replaces the object, so that two runs hold one lock and neither knows; "refused", it has
 * no such writes, so that no run gets a lock; "refused after a deletion", with versions kept it takes a
 * deleted object for one that exists, so that a lock that was released is never free again (versitygw 1.8).
 */
export type ConditionalWrites = "honored" | "ignored" | "refused" | "refused after a deletion";

/**
 * Writes one probe object twice, and again after its deletion.
 * @param prefix Where the probe may be, with its separator: "openaether/"
 * @throws ObjectStoreError
 */
export async function probeConditionalWrites(
  store: ObjectStore,
  prefix: string,
): Promise<ConditionalWrites> {
  const key = `${prefix}probe-${randomUUID()}`;
  try {
    if (!(await store.put(key, "1", { ifAbsent: true }))) return "refused";
    if (await store.put(key, "2", { ifAbsent: true })) return "ignored";
    await store.delete(key);
    return (await store.put(key, "3", { ifAbsent: true })) ? "honored" : "refused after a deletion";
  } catch (error) {
    if (error instanceof ObjectStoreError && error.problem === "unsupported") return "refused";
    throw error;
  } finally {
    await store.delete(key).catch(() => undefined);
  }
}
