/** How the provider retries temporary refusals of an API until its timeout. */
import { Refusal } from "../../protocol/model";
import { formatDuration } from "../durations";
import { ApiError } from "./errors";

/** What a retried call needs of tofu's call. */
export interface RetryContext {
  wait(milliseconds: number): Promise<void>;
  /** Of the operation, from the resource's `timeouts` or the provider's default. */
  readonly timeout: number;
}

/** Between two attempts; the SDK's grows from a tenth of a second to ten. */
const PAUSE = 5_000;

const RETRIED = [409, 500, 502, 503, 504];

/**
 * Retries a call that is refused with 409 or a server error (the provider's
 * checkForRetryableError).
 * @throws ApiError The last one, when the timeout is over.
 */
export async function retried<T>(call: RetryContext, attempt: () => T): Promise<T> {
  for (let waited = 0; ; waited += PAUSE) {
    try {
      return attempt();
    } catch (error) {
      const passes = error instanceof ApiError && RETRIED.includes(error.status);
      if (!passes || waited >= call.timeout) throw error;
    }
    await call.wait(PAUSE);
  }
}

/**
 * Retries a deletion that is refused with 409.
 * @param message The provider's message before the SDK's, up to the colon.
 * @throws Refusal "timeout while waiting …": the API's message is lost.
 */
export async function deleted(
  call: RetryContext,
  message: string,
  attempt: () => void,
): Promise<void> {
  for (let waited = 0; ; waited += PAUSE) {
    try {
      attempt();
      return;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
    }
    if (waited >= call.timeout)
      throw new Refusal(
        `${message} timeout while waiting for state to become 'DELETED' (last state: 'ACTIVE', timeout: ${formatDuration(call.timeout)})`,
      );
    await call.wait(PAUSE);
  }
}

/** The SDK's message for an object that ended in ERROR; it does not query the reason. */
export function unexpectedError(message: string): Refusal {
  return new Refusal(
    `${message}: unexpected state 'ERROR', wanted target 'ACTIVE'. last error: %!s(<nil>)`,
  );
}
