import { setTimeout as realTime } from "node:timers/promises";

import type { Clock } from "../../clock";
import type { CallContext } from "../../protocol/model";
import { formatGoDuration } from "../go-duration";
import { RpcError } from "./rpc-error";

/** Simulated milliseconds of the first and of the longest pause (terraform-plugin-sdk, `RetryContext`). */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

/** Minimum number of attempts, however fast simulated time passes: the calls are real. */
const LEAST_TRIES = 5;

export interface RetryOptions {
  /** Simulated milliseconds. */
  readonly timeout: number;
  /** Real milliseconds that running attempts may take beyond it: a tunnel is slow, and a silent peer never answers. */
  readonly grace: number;
}

/**
 * Retries until it succeeds, with growing pauses, as the provider does: every failure but
 * InvalidArgument counts as temporary.
 *
 * @throws The last failure when the timeout is over; if there was none, the SDK's message about
 * waiting.
 */
export async function retry<T>(
  limits: RetryOptions,
  clock: Clock,
  context: CallContext,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { timeout, grace } = limits;
  const cut = new AbortController();
  const timer = new AbortController();
  const time = { isOver: false };
  const end = clock
    .wait(timeout, timer.signal)
    .then(async () => {
      time.isOver = true;
      await realTime(grace, undefined, { signal: timer.signal });
      cut.abort();
    })
    .catch(() => undefined); // succeeded in time
  let last: unknown = new Error(
    `timeout while waiting for state to become 'success' (timeout: ${formatGoDuration(timeout)})`,
  );
  try {
    let pause = FIRST_PAUSE;
    for (let tries = 0; !(time.isOver && tries >= LEAST_TRIES); tries++) {
      try {
        return await attempt(cut.signal);
      } catch (error) {
        if (isAborted(cut)) break; // aborted, not answered: the failure before says more
        if (error instanceof RpcError && error.code === "InvalidArgument") throw error;
        last = error;
      }
      await Promise.race([context.wait(pause), end]);
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
    throw last;
  } finally {
    timer.abort();
  }
}

function isAborted({ signal }: AbortController): boolean {
  return signal.aborted;
}
