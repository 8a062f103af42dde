import { Refusal, type Values } from "./protocol/model";

export type Operation = "create" | "update" | "delete";

/** A change that tofu asked for, as it is counted. */
export interface Change {
  /** From 1, over all providers of one server, since the faults were last set. */
  readonly number: number;
  /** The provider: "scaleway/scaleway". */
  readonly source: string;
  readonly type: string;
  readonly operation: Operation;
}

/** What goes wrong at one change. Each fault strikes once. */
export interface Fault {
  /**
   * - `error`: the API refuses, nothing is done.
   * - `timeout-done`: done, but the answer is lost: tofu hears an error and learns of no result.
   * - `hang`: waits until tofu sends Stop, then ends as "context canceled".
   * - `pause`: waits until told to resume, or until Stop, then goes on.
   * - `crash`: the server's process dies.
   */
  readonly kind: "error" | "timeout-done" | "hang" | "pause" | "crash";
  /** Which of the changes that match `type` and `operation`; counted like `Change.number`. @default 1 */
  readonly at?: number;
  readonly type?: string;
  readonly operation?: Operation;
  /** For hang, pause and crash: before or after the change is done. @default "before" */
  readonly moment?: "before" | "after";
  /** The error's title. */
  readonly message?: string;
}

export type ChangeEvent = "changeStarted" | "changeDone";

interface Hooks {
  /** Told of every change, before a fault strikes there. */
  readonly notify?: (event: ChangeEvent, change: Change) => void;
  /** Ends the process at once. Without it a crash is refused. */
  readonly crash?: () => void;
}

/** The result of a change is lost: what it made stays unknown to tofu. */
export class LostAnswer extends Refusal {}

/** Counts the changes of one server and lets them fail as ordered. */
export class Faults {
  private faults: { fault: Fault; matches: number; struck: boolean }[] = [];
  private count = 0;
  private paused: (() => void)[] = [];

  constructor(private readonly hooks: Hooks = {}) {}

  /** Replaces all faults and counts from 1 again. */
  set(faults: readonly Fault[]): void {
    this.faults = faults.map((fault) => ({ fault, matches: 0, struck: false }));
    this.count = 0;
  }

  /** Ends every pause. */
  resume(): void {
    for (const go of this.paused.splice(0)) go();
  }

  /** @param work Does the change and returns the state after it (null after a deletion). */
  async around(
    change: Omit<Change, "number">,
    signal: AbortSignal,
    work: () => Promise<Values | null>,
  ): Promise<Values | null> {
    const counted: Change = { ...change, number: ++this.count };
    const fault = this.strikingAt(counted);
    this.hooks.notify?.("changeStarted", counted);
    if (fault?.kind === "error") {
      throw new Refusal(fault.message ?? "simulated fault: 500 Internal Server Error");
    }
    const moment = fault?.moment ?? "before";
    if (fault && moment === "before") await this.strike(fault, signal);
    const state = await work();
    this.hooks.notify?.("changeDone", counted);
    if (fault?.kind === "timeout-done") {
      throw new LostAnswer(
        fault.message ?? "simulated fault: timeout while waiting for the answer",
      );
    }
    if (fault && moment === "after") await this.strike(fault, signal, state);
    return state;
  }

  private strikingAt({ type, operation }: Change): Fault | undefined {
    let striking: Fault | undefined;
    for (const entry of this.faults) {
      const { fault } = entry;
      if ((fault.type ?? type) !== type || (fault.operation ?? operation) !== operation) continue;
      entry.matches += 1;
      if (entry.matches !== (fault.at ?? 1) || entry.struck || striking) continue;
      entry.struck = true;
      striking = fault;
    }
    return striking;
  }

  private async strike(fault: Fault, signal: AbortSignal, state?: Values | null): Promise<void> {
    if (fault.kind === "crash") {
      if (!this.hooks.crash) throw new Error("this server cannot crash on demand");
      this.hooks.crash();
    } else if (fault.kind === "pause") {
      await Promise.race([new Promise<void>((go) => this.paused.push(go)), stopped(signal)]);
    } else if (fault.kind === "hang") {
      await stopped(signal);
      throw new Refusal("context canceled", undefined, undefined, state ?? undefined);
    }
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        "abort",
        () => {
          resolve();
        },
        { once: true },
      );
  });
}
