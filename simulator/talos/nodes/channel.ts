/** Values that are read in order as they are produced, by one reader. */
export class Channel<T> implements AsyncIterable<T> {
  private readonly values: T[] = [];
  private wake: () => void = () => undefined;
  private isEnded = false;

  push(value: T): void {
    this.values.push(value);
    this.wake();
  }

  /** What was pushed before is still read. */
  end(): void {
    this.isEnded = true;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for (;;) {
      const value = this.values.shift();
      if (value !== undefined) yield value;
      else if (this.isEnded) return;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

/** Calls a function when the signal is aborted, at once if it already is; call the returned one to stop. */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) listener();
  else signal.addEventListener("abort", listener, { once: true });
  return () => {
    signal.removeEventListener("abort", listener);
  };
}
