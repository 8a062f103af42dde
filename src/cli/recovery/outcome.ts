import type { TofuEvent } from "../../tofu/events";
import { absentType } from "../../tofu/journal";

/** What a journal says about the resources that were to be created or destroyed. */
export interface Outcome {
  /** Ids by address, in the order of creation. */
  readonly made: ReadonlyMap<string, string>;
  /** Started, and not reported as done; or failed with an unknown result. */
  readonly begun: ReadonlySet<string>;
  /** Ids by address of what was destroyed without a replacement. */
  readonly destroyed: ReadonlyMap<string, string>;
  /** Addresses whose destruction was started, and not reported as done. */
  readonly ending: ReadonlySet<string>;
  /** Refused because they exist already: the id that the refusal names, if any. */
  readonly refused: ReadonlyMap<string, string | undefined>;
}

/** A refusal to create what exists already, as the resource type's pattern; its id is a named group. */
export type ExistsMessage = (address: string) => RegExp | undefined;

/** Messages about a request that was sent and whose answer did not come. */
const answerLost =
  /time.?out|timed out|deadline exceeded|context canceled|\bEOF\b|connection (reset|refused)|broken pipe|\b50[24]\b/i;

/** Reads a journal to its end: the last event of a resource counts. */
export function outcomeOf(
  events: readonly TofuEvent[],
  existsMessage: ExistsMessage = () => undefined,
): Outcome {
  const made = new Map<string, string>();
  const begun = new Set<string>();
  const failed = new Set<string>();
  const explained = new Set<string>();
  const destroyed = new Map<string, string>();
  const ending = new Map<string, string>();
  const refused = new Map<string, string | undefined>();
  for (const { type, hook, diagnostic } of events) {
    const address = hook?.resource?.addr ?? diagnostic?.address ?? "";
    if (diagnostic?.severity === "error") explained.add(diagnostic.address ?? "");
    if (diagnostic?.severity === "error" && failed.has(address)) {
      const message = `${diagnostic.summary} ${diagnostic.detail}`;
      const refusal = existsMessage(address)?.exec(message);
      if (refusal) refused.set(address, refusal.groups?.["id"]);
      else if (answerLost.test(message)) begun.add(address);
    }
    if (type === absentType) {
      for (const one of [made, begun, failed, refused]) one.delete(address);
    }
    if (hook?.action === "delete") {
      if (type === "apply_start") ending.set(address, hook.id_value ?? "");
      if (type === "apply_complete") {
        made.delete(address);
        destroyed.set(address, ending.get(address) ?? "");
        ending.delete(address);
      }
    }
    if (hook?.action !== "create") continue;
    if (type === "apply_start") begun.add(address);
    if (type === "apply_errored") {
      begun.delete(address);
      failed.add(address);
    }
    if (type === "apply_complete") {
      begun.delete(address);
      refused.delete(address);
      destroyed.delete(address);
      if (hook.id_value !== undefined) made.set(address, hook.id_value);
    }
  }
  // A crashed provider, and a killed run, leave failures without a reason.
  for (const address of failed) {
    if (!explained.has(address) && !made.has(address)) begun.add(address);
  }
  return { made, begun, destroyed, ending: new Set(ending.keys()), refused };
}
