/** How the provider repeats what an API refuses for the moment, until its timeout. */
import { Refusal } from "../../protocol/model";
import { formatDuration } from "../durations";
import { ApiError } from "./errors";

/** What a repeated call needs of the call that tofu made. */
export interface RetryContext {
  wait(milliseconds: number): Promise<void>;
  /** Of the operation, from the resource's `timeouts` or the provider's default. */
  readonly timeout: number;
}

/** Between two tries; the SDK's grows from a tenth of a second to ten. */
const PAUSE = 5_000;

const RETRIED = [409, 500, 502, 503, 504];

/**
 * Repeats a call that is refused with 409 or as the server's own failure (the
 * provider's checkForRetryableError).
 * @throws ApiError The last one, when time is over.
 */
export async function retried<T>(patience: RetryContext, attempt: () => T): Promise<T> {
  for (let waited = 0; ; waited += PAUSE) {
    try {
      return attempt();
    } catch (error) {
      const passes = error instanceof ApiError && RETRIED.includes(error.status);
      if (!passes || waited >= patience.timeout) throw error;
    }
    await patience.wait(PAUSE);
  }
}

/**
 * Repeats a deletion that is refused with 409.
 * @param words What the provider says before the SDK's own words, up to the colon.
 * @throws Refusal "timeout while waiting …": what the API said is lost.
 */
export async function deleted(
  patience: RetryContext,
  words: string,
  attempt: () => void,
): Promise<void> {
  for (let waited = 0; ; waited += PAUSE) {
    try {
      attempt();
      return;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
    }
    if (waited >= patience.timeout)
      throw new Refusal(
        `${words} timeout while waiting for state to become 'DELETED' (last state: 'ACTIVE', timeout: ${formatDuration(patience.timeout)})`,
      );
    await patience.wait(PAUSE);
  }
}

/** What the SDK says of an object that ended in ERROR; the reason is not asked for. */
export function unexpectedError(words: string): Refusal {
  return new Refusal(
    `${words}: unexpected state 'ERROR', wanted target 'ACTIVE'. last error: %!s(<nil>)`,
  );
}
