/** What Scaleway's provider plans beyond SDKv2: zones, regions and ids. */
import type { PlannedChange } from "../../protocol/model";
import type { Equality } from "../sdkv2";
import { isZero, occurrencesOf, stringOf } from "../values";
import { otherLocality } from "./errors";
import { bareId, localityOf, sameLocality } from "./ids";

/**
 * The provider suppresses every difference between a zone or region and null, so a new resource is
 * planned without one (internal/locality/dsf.go).
 */
export function planLocality(
  { prior, planned, config }: PlannedChange,
  locality: "zone" | "region",
) {
  if (!(locality in planned)) return;
  if (prior === null) planned[locality] = null;
  else if (isZero(config[locality]) || isZero(prior[locality]))
    planned[locality] = prior[locality] ?? null;
}

/** The provider's customised diff `LocalityCheck`: only known ids can fail it. */
export function checkReferences(
  { planned }: PlannedChange,
  keys: readonly string[],
  locality: string,
) {
  for (const key of keys)
    for (const { holder, attribute, path } of occurrencesOf(planned, key)) {
      const value = holder[attribute] ?? null;
      const references = Array.isArray(value) ? value : [value];
      for (const [index, reference] of references.entries()) {
        const id = stringOf(reference);
        const named = id === undefined ? undefined : localityOf(id);
        if (id === undefined || named === undefined || sameLocality(named, locality)) continue;
        const place = Array.isArray(value) ? [...path, index] : path;
        throw otherLocality(place.join("."), id, locality, path.slice(0, 1));
      }
    }
}

/** Whether two ids name the same object, with or without its locality. */
export const sameId: Equality = (a, b) =>
  bareId(stringOf(a) ?? "") === bareId(stringOf(b) ?? "") && stringOf(a) !== undefined;
