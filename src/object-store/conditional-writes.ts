import { randomUUID } from "node:crypto";
import type { ObjectStore } from "./object-store";
import { ObjectStoreError } from "./object-store-error";

/**
 * What a store does with a write that must not replace an object, on which tofu's lock rests: "honored";
 * "ignored", it replaces the object, so that two runs hold one lock and neither knows; "refused", it has
 * no such writes, so that no run gets a lock.
 */
export type ConditionalWrites = "honored" | "ignored" | "refused";

/**
 * Writes one probe object twice.
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
    return (await store.put(key, "2", { ifAbsent: true })) ? "ignored" : "honored";
  } catch (error) {
    if (error instanceof ObjectStoreError && error.problem === "unsupported") return "refused";
    throw error;
  } finally {
    await store.delete(key).catch(() => undefined);
  }
}
