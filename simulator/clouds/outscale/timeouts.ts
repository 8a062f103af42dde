/** The `timeouts` block, and the provider's defaults. */
import type { Values } from "../../protocol/model";
import { parseDuration } from "../durations";
import { isValues, stringOf } from "../values";

/** Simulated milliseconds that a call may take. */
export function timeoutOf(
  values: Values,
  operation: "create" | "read" | "update" | "delete",
  ownDefault: number,
): number {
  const { timeouts } = values;
  const text = isValues(timeouts) ? stringOf(timeouts[operation]) : undefined;
  return (text === undefined ? undefined : parseDuration(text)) ?? ownDefault;
}
