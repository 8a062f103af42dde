import type { CloudName } from "../../constructs/model/cluster-spec";
import type { Sweep } from "../../simulator/faults";
import type { TestCloud } from "../support/clouds";

/** What goes wrong, and in which process. */
export interface Kind {
  readonly name: string;
  /** Plain tofu, or the command line; recovery is to run the same again. */
  readonly by: "tofu" | "openaether";
  readonly sweep: Omit<Sweep, "hit" | "points">;
  /** What happens to which process at the first change with a fault. */
  readonly then?: Blow;
}

/** A signal to the process that was called, or -9 to it and its tofu. */
export type Blow = "SIGINT" | "SIGTERM" | "kill -9" | "the cloud is gone";

/** In each cloud's own message: scaleway-sdk-go, gophercloud, Outscale's API. */
const throttled: Readonly<Record<CloudName, string>> = {
  scaleway: "scaleway-sdk-go: http error 429 Too Many Requests: too many requests",
  ovh: "Expected HTTP response code [200 201 202] when accessing the API, but got 429 instead: OverLimit Retry...",
  outscale: "503 Service Unavailable: Throttled, Code: 2, RequestLimitExceeded",
};

/**
 * Every kind of fault on a cloud.
 *
 * Running tofu again is no recovery where tofu cannot know what it has created: after a lost answer
 * or a kill; and on OVHcloud after any interrupted wait for a network, router, port or floating IP,
 * whose ids its provider saves only afterwards. There the command line is used.
 */
export function kindsOf(cloud: TestCloud): readonly Kind[] {
  const lasting = cloud.name === "ovh" ? "openaether" : "tofu";
  const error = { kind: "error", message: "http error 500 Internal Server Error" } as const;
  const paused = { fault: { kind: "pause" } } as const;
  return [
    { name: "an API error", by: "tofu", sweep: { fault: error } },
    { name: "SIGINT", by: lasting, sweep: paused, then: "SIGINT" },
    { name: "a transient state that lasts", by: lasting, sweep: { fault: { kind: "lasting" } } },
    {
      name: "a throttle",
      by: "tofu",
      sweep: { fault: { kind: "error", message: throttled[cloud.name] } },
    },
    { name: "SIGTERM", by: lasting, sweep: paused, then: "SIGTERM" },
    {
      name: "a timeout, though it was done",
      by: "openaether",
      // Of two identical objects whose answers are lost, it is unknowable which is which.
      sweep: { fault: { kind: "timeout-done" }, secondOfType: error },
    },
    {
      name: "kill -9 before it is done",
      by: "openaether",
      sweep: { fault: { kind: "hang" } },
      then: "kill -9",
    },
    {
      name: "the simulator killed",
      by: "openaether",
      sweep: { fault: { kind: "crash" } },
      then: "the cloud is gone",
    },
    {
      name: "kill -9 after it was done",
      by: "openaether",
      sweep: { fault: { kind: "hang", moment: "after" }, secondOfType: { kind: "hang" } },
      then: "kill -9",
    },
  ];
}

/** Faults that end a process. */
export function killsOf(cloud: TestCloud): readonly Kind[] {
  return kindsOf(cloud).filter(({ then }) => then === "kill -9" || then === "the cloud is gone");
}

/** The same, starting with another. */
export function turned(kinds: readonly Kind[], offset: number): Kind[] {
  const first = offset % kinds.length;
  return [...kinds.slice(first), ...kinds.slice(0, first)];
}
