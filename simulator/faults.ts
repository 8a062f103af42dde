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
   * - `lasting`: the object stays in a transient state for longer than the provider's patience.
   * - `timeout-done`: done, but the answer is lost: tofu hears an error and learns of no result.
   * - `hang`: waits until tofu sends Stop, then ends as "context canceled".
   * - `pause`: waits until told to resume, or until Stop, then goes on.
   * - `crash`: the server's process dies.
   */
  readonly kind: "error" | "lasting" | "timeout-done" | "hang" | "pause" | "crash";
  /** Which of the changes that match `type` and `operation`; counted like `Change.number`. @default 1 */
  readonly at?: number;
  readonly type?: string;
  readonly operation?: Operation;
  /** For hang, pause and crash: before or after the change is done. @default "before" */
  readonly moment?: "before" | "after";
  /** The error's title. */
  readonly message?: string;
}

/**
 * One fault for every change there is, at its first attempt. A change is known by the type, the
 * operation, and the object's id or what is asked for: its subject.
 */
export interface Sweep {
  readonly fault: Strikeable;
  /** Subjects that have met theirs. */
  readonly met: readonly string[];
  /** How many it strikes at most, by "create scaleway_lb"; what is not named passes. */
  readonly points: Readonly<Record<string, number>>;
  /** What strikes where the fault has struck another change of this type. @default - the fault too */
  readonly secondOfType?: Strikeable;
}

type Strikeable = Pick<Fault, "kind" | "moment" | "message">;

/** A fault that strikes. */
export interface Strike {
  readonly change: Change;
  readonly kind: Fault["kind"];
  readonly subject: string;
  readonly isOfSweep: boolean;
}

/** A change under way, as far as a fault meets it. */
export interface Underway {
  readonly signal: AbortSignal;
  /** Its waits fail from now on. */
  giveUp(reason: Refusal): void;
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
  private sweeping: { sweep: Sweep; met: Set<string>; struck: Map<string, number> } | undefined;
  private tell: (strike: Strike) => void = () => undefined;

  constructor(private readonly hooks: Hooks = {}) {}

  /** Replaces all faults and counts from 1 again. */
  set(faults: readonly Fault[]): void {
    this.faults = faults.map((fault) => ({ fault, matches: 0, struck: false }));
    this.count = 0;
  }

  /** Besides the single faults, which come first; undefined ends it. */
  sweep(sweep: Sweep | undefined): void {
    this.sweeping = sweep && {
      sweep,
      met: new Set(sweep.met),
      struck: new Map(),
    };
  }

  /** Tells of every fault that strikes, before it does. */
  watch(listener: (strike: Strike) => void): void {
    this.tell = listener;
  }

  /** Ends every pause. */
  resume(): void {
    for (const go of this.paused.splice(0)) go();
  }

  /**
   * @param work Does the change and returns the state after it (null after a deletion).
   * @param subjectOf What the change is about.
   */
  async around(
    change: Omit<Change, "number">,
    call: Underway,
    work: () => Promise<Values | null>,
    subjectOf: () => string,
  ): Promise<Values | null> {
    const counted: Change = { ...change, number: ++this.count };
    const single = this.strikingAt(counted);
    const fault = single ?? this.swept(counted, subjectOf);
    this.hooks.notify?.("changeStarted", counted);
    if (fault) {
      const subject = subjectOf();
      this.tell({ change: counted, kind: fault.kind, subject, isOfSweep: single === undefined });
    }
    if (fault?.kind === "error") {
      throw new Refusal(fault.message ?? "simulated fault: 500 Internal Server Error");
    }
    const moment = fault?.moment ?? "before";
    if (fault && moment === "before") await this.strike(fault, call.signal);
    const transient = new Refusal(
      fault?.message ?? "timeout while waiting for state to become 'ready' (timeout: 10m0s)",
    );
    if (fault?.kind === "lasting") call.giveUp(transient);
    const state = await work();
    this.hooks.notify?.("changeDone", counted);
    if (fault?.kind === "lasting") {
      // It waited for nothing before; it does so now, and knows what it waits for.
      const { summary, detail, path } = transient;
      throw new Refusal(summary, detail, path, state ?? undefined);
    }
    if (fault?.kind === "timeout-done") {
      throw new LostAnswer(
        fault.message ?? "simulated fault: timeout while waiting for the answer",
      );
    }
    if (fault && moment === "after") await this.strike(fault, call.signal, state);
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

  private swept({ type, operation }: Change, subjectOf: () => string): Fault | undefined {
    if (!this.sweeping) return undefined;
    const { sweep, met, struck } = this.sweeping;
    const point = `${operation} ${type}`;
    const before = struck.get(point) ?? 0;
    const subject = subjectOf();
    if (before >= (sweep.points[point] ?? 0) || met.has(subject)) return undefined;
    met.add(subject);
    struck.set(point, before + 1);
    const { fault, secondOfType = fault } = sweep;
    return before > 0 ? secondOfType : fault;
  }

  private async strike(fault: Fault, signal: AbortSignal, state?: Values | null): Promise<void> {
    if (fault.kind === "crash") {
      if (!this.hooks.crash) throw new Error("this server cannot crash on demand");
      // What was told of it goes out first.
      await new Promise((resolve) => setImmediate(resolve));
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
