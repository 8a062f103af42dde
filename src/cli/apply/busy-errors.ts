import type { Diagnostic } from "../../../constructs/model/diagnostic";
import { messageOf } from "../../tofu/events";
import { typeOf } from "../../tofu/show-json";
import type { Cluster } from "../cluster/cluster";
import type { ApplyResult } from "./apply";
import { notDone } from "./attribute-errors";

/** The cloud's temporary refusals of a deletion, and its other errors. */
export function busyErrors(
  { cloud }: Cluster,
  { errors }: ApplyResult,
): { readonly busy: readonly Diagnostic[]; readonly others: number } {
  const isBusy = (error: Diagnostic) =>
    Object.entries(cloud.recovery)
      .filter(([type]) => error.source === undefined || type === typeOf(error.source))
      .some(([, { busyMessage }]) => busyMessage?.test(messageOf(error)) === true);
  // Names the resource of the others.
  const reasons = errors.filter(({ summary }) => !summary.startsWith(notDone));
  const busy = reasons.filter(isBusy);
  return { busy, others: reasons.length - busy.length };
}
