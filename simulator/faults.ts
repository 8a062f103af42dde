import { Refusal, type Values } from "./protocol/model";

export type Operation = "create" | "update" | "delete";

/** A change that tofu requests, as it is counted. */
export interface Change {
  /** From 1, over all providers of one server, since the faults were last set. */
  readonly number: number;
  /** The provider: "scaleway/scaleway". */
  readonly source: string;
  readonly type: string;
  readonly operation: Operation;
}

/** What goes wrong at one change. Each fault occurs once. */
export interface Fault {
  /**
   * - `error`: the API refuses, nothing is done.
   * - `lasting`: the object stays in a transient state for longer than the provider's timeout.
   * - `timeout-done`: done, but the answer is lost: tofu gets an error and no result.
   * - `hang`: waits until tofu sends Stop, then ends as "context canceled".
   * - `pause`: waits until resumed, or until Stop, then continues.
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
 * One fault for every change, at its first attempt. A change is identified by its subject: the
 * type, the operation, and the object's id or the requested values.
 */
export interface Sweep {
  readonly fault: SweepFault;
  /** Subjects that had their fault already. */
  readonly hit: readonly string[];
  /** Maximum number of faults, by "create scaleway_lb"; other changes have none. @default - any number of any */
  readonly points?: Readonly<Record<string, number>>;
  /** The fault of a change when another change of this type had one already. @default - the same fault */
  readonly secondOfType?: SweepFault;
}

type SweepFault = Pick<Fault, "kind" | "moment" | "message">;

/** A fault that occurs. */
export interface FaultEvent {
  readonly change: Change;
  readonly kind: Fault["kind"];
  readonly subject: string;
  readonly isOfSweep: boolean;
}

/** A change in progress, as a fault sees it. */
export interface RunningChange {
  readonly signal: AbortSignal;
  /** Its waits fail from now on. */
  expire(reason: Refusal): void;
}

export type ChangeEvent = "changeStarted" | "changeDone";

interface Hooks {
  /** Called at every change, before a fault occurs there. */
  readonly notify?: (event: ChangeEvent, change: Change) => void;
  /** Ends the process at once. Without it a crash is refused. */
  readonly crash?: () => void;
}

/** The result of a change is lost: tofu does not learn what it created. */
export class LostAnswer extends Refusal {}

/** Counts the changes of one server and lets them fail as configured. */
export class Faults {
  private faults: { fault: Fault; matches: number; occurred: boolean }[] = [];
  private count = 0;
  private paused: ((refusal?: string) => void)[] = [];
  private sweeping: { sweep: Sweep; hit: Set<string>; occurred: Map<string, number> } | undefined;
  private report: (event: FaultEvent) => void = () => undefined;

  constructor(private readonly hooks: Hooks = {}) {}

  /** Replaces all faults and counts from 1 again. */
  set(faults: readonly Fault[]): void {
    this.faults = faults.map((fault) => ({ fault, matches: 0, occurred: false }));
    this.count = 0;
  }

  /** In addition to the single faults, which come first; undefined turns it off. */
  sweep(sweep: Sweep | undefined): void {
    this.sweeping = sweep && {
      sweep,
      hit: new Set(sweep.hit),
      occurred: new Map(),
    };
  }

  /** Called at every fault, before it occurs. */
  watch(listener: (event: FaultEvent) => void): void {
    this.report = listener;
  }

  /** Resumes every paused change. @param refusal With it, they are refused instead, with this message. */
  resume(refusal?: string): void {
    for (const go of this.paused.splice(0)) go(refusal);
  }

  /**
   * @param work Makes the change and returns the state after it (null after a deletion).
   * @param subjectOf The object of the change.
   */
  async around(
    change: Omit<Change, "number">,
    call: RunningChange,
    work: () => Promise<Values | null>,
    subjectOf: () => string,
  ): Promise<Values | null> {
    const counted: Change = { ...change, number: ++this.count };
    const single = this.faultAt(counted);
    const fault = single ?? this.sweepFaultAt(counted, subjectOf);
    this.hooks.notify?.("changeStarted", counted);
    if (fault) {
      const subject = subjectOf();
      this.report({ change: counted, kind: fault.kind, subject, isOfSweep: single === undefined });
    }
    if (fault?.kind === "error") {
      throw new Refusal(fault.message ?? "simulated fault: 500 Internal Server Error");
    }
    const moment = fault?.moment ?? "before";
    if (fault && moment === "before") await this.inject(fault, call.signal);
    const transient = new Refusal(
      fault?.message ?? "timeout while waiting for state to become 'ready' (timeout: 10m0s)",
    );
    if (fault?.kind === "lasting") call.expire(transient);
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
    if (fault && moment === "after") await this.inject(fault, call.signal, state);
    return state;
  }

  private faultAt({ type, operation }: Change): Fault | undefined {
    let found: Fault | undefined;
    for (const entry of this.faults) {
      const { fault } = entry;
      if ((fault.type ?? type) !== type || (fault.operation ?? operation) !== operation) continue;
      entry.matches += 1;
      if (entry.matches !== (fault.at ?? 1) || entry.occurred || found) continue;
      entry.occurred = true;
      found = fault;
    }
    return found;
  }

  private sweepFaultAt({ type, operation }: Change, subjectOf: () => string): Fault | undefined {
    if (!this.sweeping) return undefined;
    const { sweep, hit: hit, occurred: occurred } = this.sweeping;
    const point = `${operation} ${type}`;
    const before = occurred.get(point) ?? 0;
    const subject = subjectOf();
    if (
      before >= (sweep.points === undefined ? Infinity : (sweep.points[point] ?? 0)) ||
      hit.has(subject)
    )
      return undefined;
    hit.add(subject);
    occurred.set(point, before + 1);
    const { fault, secondOfType = fault } = sweep;
    return before > 0 ? secondOfType : fault;
  }

  private async inject(fault: Fault, signal: AbortSignal, state?: Values | null): Promise<void> {
    if (fault.kind === "crash") {
      if (!this.hooks.crash) throw new Error("this server cannot crash on demand");
      this.hooks.crash();
      // The change goes no further until the process has ended.
      await new Promise<never>(() => undefined);
    } else if (fault.kind === "pause") {
      const resumed = new Promise<string | undefined>((go) => this.paused.push(go));
      const refusal = await Promise.race([resumed, stopped(signal)]);
      if (typeof refusal === "string") throw new Refusal(refusal);
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
