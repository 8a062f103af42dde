import { randomUUID } from "node:crypto";

import type { Store } from "../../store";
import type { Clock } from "../../clock";
import type { NodeRecord, Phase } from "./node";

export const NODES = "talos.node";

/**
 * The phases of a boot with their simulated milliseconds: until the API opens, until bootstrap is
 * allowed, until NTP has answered. The order is Talos's; the durations are those of a small cloud
 * machine.
 */
const PHASES: readonly (readonly [Phase, number])[] = [
  ["booting", 40_000],
  ["up", 10_000],
  ["syncing", 15_000],
];

interface Boot {
  readonly cut: AbortController;
  readonly done: Promise<void>;
  /** It never ends. */
  readonly hangs: boolean;
}

export interface BootHooks {
  /** Called as a boot begins, before its first phase. @returns the last phase that it reaches */
  begins?(id: string, record: NodeRecord): Phase | undefined;
  /** Called after every change of a phase. */
  moved?(id: string, phase: Phase): void;
}

/** Boots nodes. A boot that a restart of the simulator interrupted starts again. */
export class Boots {
  private readonly running = new Map<string, Boot>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly hooks: BootHooks = {},
  ) {}

  /** The record of a machine, created when it is first seen; starts its boot if that is not done. */
  of(id: string, isRunning: boolean): NodeRecord {
    const record = this.store.get<NodeRecord>(NODES, id) ?? this.create(id);
    if (!isRunning) {
      this.stop(id);
      delete record.poweredOff;
      this.move(id, record, "off");
    } else if (record.poweredOff !== true && record.phase !== "ready" && !this.running.has(id)) {
      this.start(id, record);
    }
    return record;
  }

  /** Applies a staged configuration; the API is down until the reboot is done. */
  reboot(id: string): void {
    this.stop(id);
    const record = this.store.get<NodeRecord>(NODES, id);
    if (record) this.start(id, record);
  }

  /** The machine turns itself off, until its cloud turns it off and on. */
  powerOff(id: string): void {
    this.stop(id);
    const record = this.store.get<NodeRecord>(NODES, id);
    if (!record) return;
    record.poweredOff = true;
    this.move(id, record, "off");
  }

  forget(id: string): void {
    this.stop(id);
    this.store.remove(NODES, id);
  }

  /** Resolves when no boot is in progress but those that hang. */
  async settled(): Promise<void> {
    for (;;) {
      const boots = [...this.running.values()].filter(({ hangs }) => !hangs);
      if (boots.length === 0) return;
      await Promise.all(boots.map(({ done }) => done));
    }
  }

  close(): void {
    for (const id of [...this.running.keys()]) this.stop(id);
  }

  private create(id: string): NodeRecord {
    const record: NodeRecord = { phase: "off", since: this.clock.now().getTime() };
    this.store.put(NODES, id, record);
    return record;
  }

  private start(id: string, record: NodeRecord): void {
    if (record.staged !== undefined) record.configuration = record.staged;
    delete record.staged;
    delete record.trial;
    if (record.next !== undefined) {
      record.previous = record.version;
      record.version = record.next;
      record.upgraded = true;
      delete record.next;
    }
    record.bootId = randomUUID();
    const last = this.hooks.begins?.(id, record);
    const cut = new AbortController();
    this.move(id, record, "booting", true);
    const done = this.pass(id, record, last, cut.signal).then(
      () => void this.running.delete(id),
      (error: unknown) => {
        if (!cut.signal.aborted) throw error;
      },
    );
    this.running.set(id, { cut, done, hangs: last !== undefined });
  }

  private async pass(
    id: string,
    record: NodeRecord,
    last: Phase | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    for (const [phase, duration] of PHASES) {
      this.move(id, record, phase);
      // It still counts as running: a boot that hangs is not started again.
      if (phase === last) await waitForEver(signal);
      await this.clock.wait(duration, signal);
    }
    this.move(id, record, "ready");
  }

  private stop(id: string): void {
    this.running.get(id)?.cut.abort();
    this.running.delete(id);
  }

  /** @param isNew Also when it was in that phase: a boot that is interrupted by another. */
  private move(id: string, record: NodeRecord, phase: Phase, isNew = false): void {
    if (record.phase === phase && !isNew) return;
    record.phase = phase;
    record.since = this.clock.now().getTime();
    this.store.save();
    this.hooks.moved?.(id, phase);
  }
}

function waitForEver(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener(
      "abort",
      () => {
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
}
