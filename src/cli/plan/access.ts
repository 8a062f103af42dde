import { Cidr } from "../../../constructs/cidr";
import type { Change } from "./changes";

/** Networks that a plan lets in or shuts out, for whichever rule. */
export interface AccessChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

const network = /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/;
/** The cluster's own network is no matter of access. */
const isPrivate = (text: string) => Cidr.parse(text)?.isPrivate === true;

/** Compares every network that stands in a rule before with those after. */
export function accessChange(changes: readonly Change[]): AccessChange {
  const rules = changes.filter(({ part }) => part !== "nodes" && part !== "Kubernetes");
  const before = networksIn(rules.map((change) => change.before));
  const after = networksIn(rules.map((change) => change.after));
  return {
    added: [...after].filter((text) => !before.has(text)).sort(),
    removed: [...before].filter((text) => !after.has(text)).sort(),
  };
}

function networksIn(value: unknown): Set<string> {
  if (typeof value === "string")
    return new Set(network.test(value) && !isPrivate(value) ? [value] : []);
  if (typeof value !== "object" || value === null) return new Set();
  return new Set(Object.values(value).flatMap((part) => [...networksIn(part)]));
}
