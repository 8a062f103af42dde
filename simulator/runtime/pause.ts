import { setTimeout } from "node:timers/promises";

/** Whether it is over; asked again after every wait. */
export function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

/**
 * Waits for real milliseconds, at once no more when the signal is aborted. It keeps no process
 * alive.
 */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { signal, ref: false });
  } catch {
    // aborted: the caller looks at the signal
  }
}
