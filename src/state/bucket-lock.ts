import { type Bucket, titleOf } from "../object-store/bucket";
import type { ConditionalWrites } from "../object-store/conditional-writes";

/** What a user must know about the lock of a state in a bucket; undefined where it holds. */
export function lockRemark(writes: ConditionalWrites, bucket: Bucket): string | undefined {
  switch (writes) {
    case "honored":
      return undefined;
    case "ignored":
      return (
        `NO LOCK: the store of ${titleOf(bucket)} ignores conditional writes, on which tofu's lock rests. What ` +
        "remains: up and down look for another's lock before they begin. Two that begin within the same seconds " +
        "are not kept apart: agree on who runs, or take a store that honors them."
      );
    case "refused":
      return (
        `NO LOCK: the store of ${titleOf(bucket)} refuses conditional writes, on which tofu's lock rests: plan ` +
        "and up will fail. Take a store that honors them."
      );
    case "refused after a deletion":
      return (
        `A LOCK THAT STAYS: with versions kept, ${titleOf(bucket)} takes a deleted object for one that exists: a ` +
        "lock that was released is never free again. Take a new bucket, created by ./openaether state create."
      );
  }
}
