/**
 * The simulated world's time. Waiting is scaled, so that a minute in the cloud
 * takes a moment here; the date is the real one.
 */
export class Clock {
  /**
   * @param timeScale Real milliseconds per simulated one.
   *   The default lets a wait of 60 s take 60 ms.
   */
  constructor(readonly timeScale = 0.001) {}

  now(): Date {
    return new Date();
  }

  /**
   * Lets simulated milliseconds pass.
   * @throws The signal's reason, at once, when it is aborted before or meanwhile.
   */
  async wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
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
