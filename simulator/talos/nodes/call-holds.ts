/** A call that a node has received, and that waits. */
export interface HeldCall {
  readonly id: number;
  /** "ApplyConfiguration" */
  readonly method: string;
  /** The machine's name. */
  readonly machine: string;
  /** Before it is carried out, or when it is done and not answered yet. */
  readonly moment: "before" | "after";
}

/** Lets calls of some methods wait, before they are carried out and before they are answered. */
export class CallHolds {
  private methods: readonly string[] = [];
  private count = 0;
  private readonly waiting = new Map<number, () => void>();
  private report: (call: HeldCall) => void = () => undefined;

  /** Called at every call that waits from now on. */
  watch(listener: (call: HeldCall) => void): void {
    this.report = listener;
  }

  /** Replaces the methods whose calls wait: "Reboot". Those that wait go on. */
  set(methods: readonly string[]): void {
    this.methods = methods;
    for (const id of [...this.waiting.keys()]) this.release(id);
  }

  /** Lets one go on. */
  release(id: number): void {
    this.waiting.get(id)?.();
    this.waiting.delete(id);
  }

  /** @param path "machine.MachineService/Reboot" */
  async at(moment: HeldCall["moment"], path: string, machine: string): Promise<void> {
    const method = path.slice(path.indexOf("/") + 1);
    if (!this.methods.includes(method)) return;
    const id = ++this.count;
    const released = new Promise<void>((go) => this.waiting.set(id, go));
    this.report({ id, method, machine, moment });
    await released;
  }
}
