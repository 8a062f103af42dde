import type { TofuEvent } from "../../tofu/events";
import { absentType } from "../../tofu/journal";

/** What a journal tells of the resources that were to be made or destroyed. */
export interface Outcome {
  /** Ids by address, in the order in which they were made. */
  readonly made: ReadonlyMap<string, string>;
  /** Begun, and never told to be done; or failed in a way that leaves it open whether it was. */
  readonly begun: ReadonlySet<string>;
  /** Ids by address of what was destroyed, where nothing was made in its place. */
  readonly destroyed: ReadonlyMap<string, string>;
  /** Addresses whose destruction was begun, and never told to be done. */
  readonly ending: ReadonlySet<string>;
  /** Refused because they are there already: the id that the refusal names, where it names one. */
  readonly refused: ReadonlyMap<string, string | undefined>;
}

/** A refusal to create what is there already, in the words of the resource's type; its id is a named group. */
export type ExistsWords = (address: string) => RegExp | undefined;

/** Words of a request that was sent and whose answer did not come. */
const answerLost =
  /time.?out|timed out|deadline exceeded|context canceled|\bEOF\b|connection (reset|refused)|broken pipe|\b50[24]\b/i;

/** Reads a journal to its end: what it says last of a resource holds. */
export function outcomeOf(
  events: readonly TofuEvent[],
  existsWords: ExistsWords = () => undefined,
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
      const words = `${diagnostic.summary} ${diagnostic.detail}`;
      const refusal = existsWords(address)?.exec(words);
      if (refusal) refused.set(address, refusal.groups?.["id"]);
      else if (answerLost.test(words)) begun.add(address);
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
  // A provider that dies, and a run that is killed, leave failures of which nobody says why.
  for (const address of failed) {
    if (!explained.has(address) && !made.has(address)) begun.add(address);
  }
  return { made, begun, destroyed, ending: new Set(ending.keys()), refused };
}
