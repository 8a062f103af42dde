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

/** Boots nodes. A boot that a restart of the simulator interrupted starts again. */
export class Boots {
  private readonly running = new Map<string, { cut: AbortController; done: Promise<void> }>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    /** Called after every change of a phase. */
    private readonly moved: () => void = () => undefined,
  ) {}

  /** The record of a machine, created when it is first seen; starts its boot if that is not done. */
  of(id: string, isRunning: boolean): NodeRecord {
    const record = this.store.get<NodeRecord>(NODES, id) ?? this.create(id);
    if (!isRunning) {
      this.stop(id);
      this.move(record, "off");
    } else if (record.phase !== "ready" && !this.running.has(id)) {
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

  forget(id: string): void {
    this.stop(id);
    this.store.remove(NODES, id);
  }

  /** Resolves when no boot is in progress. */
  async settled(): Promise<void> {
    while (this.running.size > 0) {
      await Promise.all([...this.running.values()].map(({ done }) => done));
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
    if (record.staged !== undefined) {
      record.configuration = record.staged;
      delete record.staged;
    }
    const cut = new AbortController();
    record.bootId = randomUUID();
    this.move(record, "booting");
    const done = this.pass(record, cut.signal).then(
      () => void this.running.delete(id),
      (error: unknown) => {
        if (!cut.signal.aborted) throw error;
      },
    );
    this.running.set(id, { cut, done });
  }

  private async pass(record: NodeRecord, signal: AbortSignal): Promise<void> {
    for (const [phase, duration] of PHASES) {
      this.move(record, phase);
      await this.clock.wait(duration, signal);
    }
    this.move(record, "ready");
  }

  private stop(id: string): void {
    this.running.get(id)?.cut.abort();
    this.running.delete(id);
  }

  private move(record: NodeRecord, phase: Phase): void {
    if (record.phase === phase) return;
    record.phase = phase;
    record.since = this.clock.now().getTime();
    this.store.save();
    this.moved();
  }
}
