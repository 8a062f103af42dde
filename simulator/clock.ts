/**
 * The simulated world's time. Waiting is scaled, so that a minute in the cloud
 * takes a moment here; the date is the real one, or as far ahead of it as it was moved.
 */
export class Clock {
  private ahead = 0;

  /**
   * @param timeScale Real milliseconds per simulated one.
   *   The default lets a wait of 60 s take 60 ms; with 0 nobody waits.
   */
  constructor(readonly timeScale = 0.001) {}

  now(): Date {
    return new Date(Date.now() + this.ahead);
  }

  /** Moves the date on by so many milliseconds; nobody waits for it. */
  advance(milliseconds: number): void {
    this.ahead += milliseconds;
  }

  /**
   * Lets simulated milliseconds pass.
   * @throws The signal's reason, at once, when it is aborted before or meanwhile.
   */
  async wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.timeScale === 0) return;
    await new Promise<void>((resolve, reject) => {
      const cancel = () => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", cancel);
        resolve();
      }, milliseconds * this.timeScale);
      signal?.addEventListener("abort", cancel, { once: true });
    });
  }
}
