import type { ChildProcess } from "node:child_process";
import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import type { ServiceStatus } from "../talos/nodes/node-runtime";
import type { Guard } from "./guard";
import type { Launch } from "./launch";

export interface ProgramOptions {
  /** "etcd of control-plane-0" */
  readonly name: string;
  /** The file of its output. */
  readonly output: string;
  /** Called before every start: a port that is taken by then is chosen again. */
  readonly prepare: () => Promise<Launch>;
  /** Whether it answers as it should: resolves to undefined, or to why not. */
  readonly check: () => Promise<string | undefined>;
  /** Called when it has ended by itself. */
  readonly died: (death: Death) => void;
  /** Called when it begins to answer, and when it stops. */
  readonly changed: () => void;
}

/** Why a program cannot be started, now or later. */
export class NotStartable extends Error {}

/** A program that ended by itself. */
export interface Death {
  readonly name: string;
  /** "exit code 1", "signal SIGKILL" */
  readonly how: string;
  /** The end of its output. */
  readonly lastLines: readonly string[];
  /** Whether it is started again. */
  readonly restarts: boolean;
}

/** Milliseconds before it is started again; after the last of them it stays down. */
const PAUSES = [250, 1000, 2000, 4000, 8000, 15_000];
/** Milliseconds after which a run counts as a success, and pauses start from the first. */
const STEADY = 60_000;
/** Milliseconds in which it must end by itself before it is killed. */
const PATIENCE = 5000;
/** Milliseconds between checks: until it answers, and from then on. */
const CHECKS = { starting: 150, running: 2000 };
const LAST_LINES = 12;

/** A real program that is kept running until it is stopped. */
export class Program {
  private child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();
  private isWanted = true;
  private failures = 0;
  private startedAt = 0;
  private timer: NodeJS.Timeout | undefined;
  private current: ServiceStatus = status("Preparing", false, "");

  constructor(
    private readonly guard: Guard,
    private readonly options: ProgramOptions,
  ) {
    void this.start();
  }

  get status(): ServiceStatus {
    return this.current;
  }

  get isHealthy(): boolean {
    return this.current.healthy;
  }

  /** undefined while it does not run. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /**
   * Ends it; resolves when it has ended.
   *
   * @param abruptly As a machine's power is cut.
   */
  async stop(abruptly = false): Promise<void> {
    this.isWanted = false;
    clearTimeout(this.timer);
    this.set(status("Finished", false, "Service finished"));
    const { child } = this;
    if (child?.pid === undefined) return;
    signal(child.pid, abruptly ? "SIGKILL" : "SIGTERM");
    const kill = setTimeout(signal, PATIENCE, child.pid, "SIGKILL");
    await this.ended;
    clearTimeout(kill);
  }

  private async start(): Promise<void> {
    try {
      const launch = await this.options.prepare();
      // It may have been stopped meanwhile.
      if (!this.isWanted) return;
      this.startedAt = Date.now();
      const child = this.guard.spawn(launch, this.options.output);
      this.child = child;
      this.ended = new Promise((resolve) => {
        const end = (how: string) => {
          if (this.child !== child) return;
          this.child = undefined;
          resolve();
          this.failed(how);
        };
        child.once("exit", (code, name) => {
          end(name === null ? `exit code ${code}` : `signal ${name}`);
        });
        child.once("error", (error) => {
          end(error.message);
        });
      });
      this.set(status("Running", false, "Health check is pending"));
      this.watch(CHECKS.starting);
    } catch (error) {
      if (error instanceof NotStartable) this.failures = PAUSES.length;
      this.failed(error instanceof Error ? error.message : String(error));
    }
  }

  private watch(pause: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      void this.check();
    }, pause);
  }

  private async check(): Promise<void> {
    const { child } = this;
    const problem = await this.options.check();
    if (!this.isWanted || child === undefined || this.child !== child) return;
    this.set(status("Running", problem === undefined, problem ?? ""));
    this.watch(problem === undefined ? CHECKS.running : CHECKS.starting);
  }

  private failed(how: string): void {
    clearTimeout(this.timer);
    if (!this.isWanted) return;
    // It has none when it did not come to a start.
    const lines = this.startedAt > 0 ? lastLines(this.options.output) : [];
    if (this.startedAt > 0 && Date.now() - this.startedAt > STEADY) this.failures = 0;
    this.startedAt = 0;
    const pause = PAUSES[this.failures++];
    const message = [how, ...lines.slice(-1)].join(": ");
    this.set(status(pause === undefined ? "Failed" : "Waiting", false, message));
    const { name, died } = this.options;
    died({ name, how, lastLines: lines, restarts: pause !== undefined });
    if (pause === undefined) return;
    this.timer = setTimeout(() => {
      void this.start();
    }, pause);
  }

  private set(next: ServiceStatus): void {
    const { current } = this;
    if (current.state === next.state && current.healthy === next.healthy) {
      this.current = { ...next, since: current.since };
      return;
    }
    this.current = next;
    this.options.changed();
  }
}

function status(state: string, healthy: boolean, message: string): ServiceStatus {
  return { state, healthy, message, since: Date.now() };
}

/** Signals the process group, which the process leads. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The end of a file, of which no more than a few kilobytes are read. */
function lastLines(path: string): string[] {
  if (!existsSync(path)) return [];
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, 8192));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString().trim().split("\n").slice(-LAST_LINES);
  } finally {
    closeSync(file);
  }
}
