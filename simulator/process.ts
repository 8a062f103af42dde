import { fork, type ChildProcess } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { rmSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import type { Change, ChangeEvent, Fault, FaultEvent, Sweep } from "./faults";
import type { Command, Objects, Ready, Report, Usage } from "./main-messages";
import type { DeepStatus } from "./runtime/deep-options";
import type { Death } from "./runtime/program";
import type { SimulationOptions } from "./simulation";
import type { HeldCall, NodeFault, NodeStatus } from "./talos";

export interface ProcessOptions extends Omit<SimulationOptions, "notify" | "crash" | "died"> {
  /** The file that is run. @default - main beside this file */
  readonly program?: string;
}

/**
 * The process runs for seconds, in which V8's optimising compiler and helper threads cost more than
 * they save: 2.9 s of processor time for a rehearsal with them, 2.4 without (November 2026, Node
 * 20).
 */
const shortLived = ["--no-opt", "--single-threaded"];

/** A simulator in a process of its own, and the methods to control it. */
export class SimulatorProcess {
  private readonly reports = new EventEmitter();

  private constructor(
    private readonly child: ChildProcess,
    readonly ready: Ready,
  ) {
    child.on("message", (report: Report) => {
      for (const [name, value] of Object.entries(report)) this.reports.emit(name, value);
    });
    child.once("exit", () => {
      removeSockets(ready);
      this.reports.emit("error", new Error("The simulator's process has ended"));
    });
    // If nothing waits for the exit, it is no error of this process.
    this.reports.on("error", () => undefined);
  }

  /** @throws Error with the process's own output when it does not start. */
  static async start(options: ProcessOptions): Promise<SimulatorProcess> {
    const program = options.program ?? join(__dirname, `main${extname(__filename)}`);
    const child = fork(program, toArguments(options), {
      execArgv: [...shortLived, ...process.execArgv],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const report = await new Promise<Report>((resolve, reject) => {
      child.once("message", (message: Report) => {
        resolve(message);
      });
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        reject(new Error(`The simulator's process ended at once (${signal ?? code})`));
      });
    });
    if ("ready" in report) return new SimulatorProcess(child, report.ready);
    throw new Error("failed" in report ? report.failed : "The simulator began with an odd message");
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The value of TF_REATTACH_PROVIDERS. */
  get reattachProviders(): string {
    return JSON.stringify(this.ready.reattach);
  }

  /** Replaces the faults in force; changes are counted from 1 again. */
  async faults(faults: readonly Fault[]): Promise<void> {
    await this.request({ faults }, "faults");
  }

  /** Applies to every change that none of `faults` matches, once; undefined turns it off. */
  async sweep(sweep: Sweep | undefined): Promise<void> {
    await this.request({ sweep: sweep ?? null }, "sweep");
  }

  /** Replaces what goes wrong inside machines; occasions are counted from 1 again. */
  async nodeFaults(faults: readonly NodeFault[]): Promise<void> {
    await this.request({ nodeFaults: faults }, "nodeFaults");
  }

  /** Advances the cloud's date. */
  async advance(milliseconds: number): Promise<void> {
    await this.request({ advance: milliseconds }, "advance");
  }

  /** Resumes every paused change. @param refusal With it, they are refused instead, with this message. */
  async resume(refusal?: string): Promise<void> {
    await this.request({ resume: true, refusal }, "resume");
  }

  /**
   * Lets calls of these methods of Talos's API wait until they are released: each is reported before
   * it is carried out, and before it is answered. Those that wait go on.
   */
  async holdCalls(methods: readonly string[]): Promise<void> {
    await this.request({ holdCalls: methods }, "holdCalls");
  }

  async releaseCall({ id }: HeldCall): Promise<void> {
    await this.request({ releaseCall: id }, "releaseCall");
  }

  /** Calls a function at every call that waits; call the returned one to stop. */
  onHeldCall(listener: (call: HeldCall) => void): () => void {
    this.reports.on("callHeld", listener);
    return () => this.reports.off("callHeld", listener);
  }

  /** Deletes an object as a user does in the console, whatever depends on it. */
  async remove(kind: string, id: string): Promise<void> {
    await this.request({ remove: { kind, id } }, "remove");
  }

  /** Changes an object's values, as the cloud itself may do. */
  async change(kind: string, id: string, values: object): Promise<void> {
    await this.request({ change: { kind, id, values } }, "change");
  }

  /** Everything that exists in the simulated world. */
  objects(): Promise<Objects> {
    return this.request({ objects: true }, "objects");
  }

  /** The real programs of a deep simulation, and where its load balancers listen. */
  async deep(): Promise<DeepStatus> {
    const status = await this.request<DeepStatus | null>({ deep: true }, "deep");
    if (status === null) throw new Error("The simulation has no real programs");
    return status;
  }

  /** Calls a function when a real program has ended by itself; call the returned one to stop. */
  onDeath(listener: (death: Death) => void): () => void {
    this.reports.on("died", listener);
    return () => this.reports.off("died", listener);
  }

  nodes(): Promise<readonly NodeStatus[]> {
    return this.request({ nodes: true }, "nodes");
  }

  usage(): Promise<Usage> {
    return this.request({ usage: true }, "usage");
  }

  /** The next change from now on, started or done, that passes the filter. */
  next(event: ChangeEvent, filter: Partial<Change> = {}): Promise<Change> {
    const wanted = Object.entries(filter) as [keyof Change, Change[keyof Change]][];
    return new Promise((resolve) => {
      // Two messages may arrive in one chunk: a listener that is added after the first misses the
      // second.
      const stop = this.onChange(event, (change) => {
        if (!wanted.every(([name, value]) => change[name] === value)) return;
        stop();
        resolve(change);
      });
    });
  }

  /** Calls a function at every change; call the returned one to stop. */
  onChange(event: ChangeEvent, listener: (change: Change) => void): () => void {
    this.reports.on(event, listener);
    return () => this.reports.off(event, listener);
  }

  /** Calls a function at every fault, before it occurs; call the returned one to stop. */
  onFault(listener: (event: FaultEvent) => void): () => void {
    this.reports.on("faultOccurred", listener);
    return () => this.reports.off("faultOccurred", listener);
  }

  /** Ends it in order; the cloud stays in its directory. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves when the process has exited, for whatever reason. */
  async ended(): Promise<void> {
    if (this.isRunning) await once(this.child, "exit");
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const ended = this.ended();
    this.child.kill(signal);
    await ended;
  }

  private async request<T>(command: Command, answer: string): Promise<T> {
    const reply = once(this.reports, answer) as Promise<[T]>;
    if (this.child.connected) this.child.send(command);
    else this.reports.emit("error", new Error("The simulator's process has ended"));
    return (await reply)[0];
  }
}

function toArguments(options: ProcessOptions): string[] {
  const given: [string, string | undefined][] = [
    ["directory", options.directory],
    ["cloud", options.cloud],
    ["tofu-directory", options.tofuDirectory],
    ["cloud-options", options.cloudOptions && JSON.stringify(options.cloudOptions)],
    ["time-scale", options.timeScale?.toString()],
    ["bastion-key", options.bastionKey],
    ["deep", options.deep && JSON.stringify(options.deep)],
  ];
  return given.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
}

/** A killed process could not remove it. */
function removeSockets({ reattach }: Ready): void {
  for (const { Addr } of Object.values(reattach)) {
    rmSync(dirname(Addr.String), { recursive: true, force: true });
  }
}
