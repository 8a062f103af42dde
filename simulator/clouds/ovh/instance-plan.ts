/**
 * What the provider plans for an instance beyond the SDK: a hash for its user data, hints, a flavor
 * that no longer exists.
 */
import { createHash } from "node:crypto";
import { isUnknown, type PlannedChange, type Value, type Values } from "../../protocol/model";
import { blocksOf, stringOf } from "../values";

/** The state function of `user_data`: plan and state hold only this hash. */
function hashed(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

export function planInstance({ prior, planned, config, replacedBy }: PlannedChange): void {
  if (typeof planned.user_data === "string") planned.user_data = hashed(planned.user_data);
  for (const hints of blocksOf(planned.scheduler_hints)) fillHints(hints);
  if (prior === null) return;
  for (const name of ["flavor_id", "flavor_name"]) if (prior[name] === "") replacedBy.push([name]);
  if (["error", "migrating"].includes(stringOf(prior.power_state) ?? ""))
    planned.power_state = prior.power_state ?? null;
  // A server that is still being built has neither yet, as the provider sees it.
  if (prior.power_state === "build")
    for (const name of ["network", "security_groups"]) planned[name] = prior[name] ?? null;
  const zone = stringOf(config.availability_zone);
  if (zone?.includes(":") && zone.split(":")[0] === prior.availability_zone)
    planned.availability_zone = prior.availability_zone ?? null;
}

/** In SDKv2 an element of a set has no unset arguments, except for a map. */
function fillHints(hints: Values): void {
  const fill = (names: readonly string[], zero: Value) => {
    for (const name of names)
      if (!isUnknown(hints[name] ?? null)) hints[name] ??= Array.isArray(zero) ? [] : zero;
  };
  fill(["group", "target_cell", "build_near_host_ip"], "");
  fill(["different_host", "same_host", "query", "different_cell"], []);
}
