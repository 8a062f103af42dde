import { setTimeout as realTime } from "node:timers/promises";

import type { Clock } from "../../clock";
import type { CallContext } from "../../protocol/model";
import { formatGoDuration } from "../go-duration";
import { RpcError } from "./rpc-error";

/** Simulated milliseconds of the first and of the longest pause (terraform-plugin-sdk, `RetryContext`). */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

export interface Patience {
  /** Simulated milliseconds. */
  readonly timeout: number;
  /** Real milliseconds that are tried at least. */
  readonly least: number;
}

/**
 * Tries until it works, with growing pauses, as the provider does: every
 * failure counts as passing but InvalidArgument.
 *
 * @throws The last failure when time is up; if none was seen, the SDK's text about waiting.
 */
export async function retry<T>(
  patience: Patience,
  clock: Clock,
  context: CallContext,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  const timer = new AbortController();
  const timeIsUp = Promise.all([
    clock.wait(patience.timeout, timer.signal),
    realTime(patience.least, undefined, { signal: timer.signal }),
  ]).then(
    () => end.abort(),
    () => {}, // it worked in time
  );
  let last: unknown = new Error(
    `timeout while waiting for state to become 'success' (timeout: ${formatGoDuration(patience.timeout)})`,
  );
  try {
    for (let pause = FIRST_PAUSE; !end.signal.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        return await attempt(end.signal);
      } catch (error) {
        if (end.signal.aborted) break; // cut off, not answered: the failure before tells more
        if (error instanceof RpcError && error.code === "InvalidArgument") throw error;
        last = error;
      }
      await Promise.race([context.wait(pause), timeIsUp]);
    }
    throw last;
  } finally {
    timer.abort();
  }
}
