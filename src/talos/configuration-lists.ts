import { isDeepStrictEqual } from "node:util";
import { type ConfigurationValue, isMap } from "./configuration-documents";

/** An item of two lists; of one alone where the other has none. */
interface ItemPair {
  /** "[0]", "[eth0]" */
  readonly step: string;
  readonly before: ConfigurationValue | undefined;
  readonly after: ConfigurationValue | undefined;
}

export interface ItemPairs {
  readonly pairs: readonly ItemPair[];
  /** The names of the items, where the same items are in another order. */
  readonly order?: readonly [readonly string[], readonly string[]];
}

/** Keys that name an item of a list in machine configurations, the first that all items have. */
const identities = ["name", "path", "interface", "mountPath", "device", "destination"];

/**
 * Two lists of maps, item by item: by what names an item, else by their place.
 * @returns undefined for lists that hold anything but maps
 */
export function listsByIdentity(
  before: readonly ConfigurationValue[],
  after: readonly ConfigurationValue[],
): ItemPairs | undefined {
  if (![...before, ...after].every(isMap)) return undefined;
  for (const key of identities) {
    const [left, right] = [byKey(before, key), byKey(after, key)];
    if (left === undefined || right === undefined) continue;
    const names = [...new Set([...right.keys(), ...left.keys()])];
    const isMoved =
      left.size === right.size &&
      names.length === right.size &&
      !isDeepStrictEqual([...left.keys()], [...right.keys()]);
    return {
      pairs: names.map((name) => ({
        step: `[${name}]`,
        before: left.get(name),
        after: right.get(name),
      })),
      ...(isMoved ? { order: [[...left.keys()], [...right.keys()]] } : {}),
    };
  }
  const length = Math.max(before.length, after.length);
  return {
    pairs: Array.from({ length }, (_, index) => ({
      step: `[${index}]`,
      before: before[index],
      after: after[index],
    })),
  };
}

/** Two lists without the beginning and the end that they share, when they are long. */
export function changedItems(
  before: readonly ConfigurationValue[],
  after: readonly ConfigurationValue[],
): readonly [readonly ConfigurationValue[], readonly ConfigurationValue[]] {
  const longest = 6;
  if (before.length <= longest && after.length <= longest) return [before, after];
  const differs = (list: readonly ConfigurationValue[], other: readonly ConfigurationValue[]) => {
    const own = list.filter((item) => !other.some((one) => isDeepStrictEqual(one, item)));
    return own.length === list.length ? own : ["…", ...own];
  };
  const [left, right] = [differs(before, after), differs(after, before)];
  // Only their order differs.
  return isDeepStrictEqual(left, right) ? [before, after] : [left, right];
}

/** @returns undefined where an item has no such key, or two have the same */
function byKey(
  items: readonly ConfigurationValue[],
  key: string,
): ReadonlyMap<string, ConfigurationValue> | undefined {
  const found = new Map<string, ConfigurationValue>();
  for (const item of items) {
    const name = isMap(item) ? item[key] : undefined;
    if (typeof name !== "string" || found.has(name)) return undefined;
    found.set(name, item);
  }
  return found;
}
