/**
 * The simulated world's time. Waits are scaled: a minute in the cloud takes milliseconds here. The
 * date is the real one plus what `advance` added.
 */
export class Clock {
  private ahead = 0;

  /**
   * @param timeScale Real milliseconds per simulated one.
   *   With the default, a wait of 60 s takes 60 ms; with 0, none.
   */
  constructor(readonly timeScale = 0.001) {}

  now(): Date {
    return new Date(Date.now() + this.ahead);
  }

  /** Advances the date by so many milliseconds, without waiting. */
  advance(milliseconds: number): void {
    this.ahead += milliseconds;
  }

  /**
   * Waits for simulated milliseconds.
   * @throws The signal's reason, at once, when it is aborted before or during the wait.
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
