const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Ctrl-C and a closed terminal while a tofu in a process group of its own is running: forwarded to
 * it; it ends in order at the first and at once at the second.
 */
export class Interrupts {
  private count = 0;

  private constructor(private readonly processId: () => number | undefined) {
    for (const signal of signals) process.on(signal, this.passOn);
  }

  /** @param processId Of tofu; undefined before it has started. */
  static passedOnTo(processId: () => number | undefined): Interrupts {
    return new Interrupts(processId);
  }

  /** Whether there was one. */
  get happened(): boolean {
    return this.count > 0;
  }

  /** Restores the default handling. */
  end(): void {
    for (const signal of signals) process.off(signal, this.passOn);
  }

  private readonly passOn = () => {
    this.count += 1;
    const id = this.processId();
    if (id !== undefined && this.count <= 2) interrupt(id);
  };
}

function interrupt(processId: number): void {
  try {
    process.kill(processId, "SIGINT");
  } catch {
    // It has just ended by itself, and this was not heard of yet.
  }
}
