import type { HeldCall } from "../../../simulator/talos";
import type { Running } from "../../support/command-line";
import type { DeepCluster } from "../deep-cluster";
import { applicable, endsRun, type Interruption, type Place, interrupt } from "./interruptions";

/** Calls of Talos's API that change something. */
const methods = [
  "ApplyConfiguration",
  "Reboot",
  "Upgrade",
  "Install",
  "EtcdForfeitLeadership",
  "EtcdLeaveCluster",
  "EtcdRemoveMemberByID",
  "EtcdSnapshot",
];
/** Changes of one type that are interrupted: two nodes have them. */
const most = 2;
/** What a cloud says of a key that is no longer valid. */
const refusal = "401 Unauthorized: the credential has expired (simulated)";

/** Where a run was interrupted, and how. */
export interface Moment {
  /** "before Reboot of demo-worker-0", "delete scaleway_instance_server", "line …" */
  readonly subject: string;
  readonly interruption: Interruption;
  /** In milliseconds since 1970. */
  readonly at: number;
  /** How many characters the run had printed. */
  readonly printed: number;
}

export interface Choice {
  /** Which kind of interruption comes first. */
  readonly offset: number;
  /** @param index Of a moment: 1 is the first @returns whether it is interrupted */
  readonly isChosen: (index: number) => boolean;
  /** Called with what happens. */
  readonly tell?: (text: string) => void;
}

/**
 * Every moment of a procedure, each interrupted at its first occurrence only: calls to Talos (before
 * they are done, and before they are answered), changes of the cloud, what changes at nodes in
 * Kubernetes, and lines that the command line prints.
 */
export class Moments {
  readonly made: Moment[] = [];
  private readonly seen = new Set<string>();
  /** Of the cloud, that were changed. */
  private readonly objects = new Set<string>();
  private readonly ofType = new Map<string, number>();
  private run: Running | undefined;
  /** How this run was interrupted: of those that let it go on, once each. */
  private struck: readonly Interruption[] = [];
  private readonly stops: (() => void)[];

  private constructor(
    private readonly deep: DeepCluster,
    private readonly choice: Choice,
  ) {
    const { simulator } = deep.cluster;
    this.stops = [
      simulator.onHeldCall((call) => void this.held(call)),
      simulator.onFault(({ change, subject }) => {
        void this.paused(`${change.operation} ${change.type}`, subject);
      }),
    ];
  }

  static async of(deep: DeepCluster, choice: Choice): Promise<Moments> {
    const moments = new Moments(deep, choice);
    await deep.cluster.simulator.holdCalls(methods);
    await moments.watchCloud();
    return moments;
  }

  /** Whether this run was interrupted. */
  get wasStruck(): boolean {
    return this.struck.length > 0;
  }

  /** How many there were until now, interrupted or not. */
  get count(): number {
    return this.seen.size;
  }

  /** Whether there is a run that goes on. */
  private get isOn(): boolean {
    return this.run?.isOver === false && !this.struck.some(endsRun);
  }

  /** The next run. */
  async follow(run: Running): Promise<void> {
    this.run = run;
    this.struck = [];
    await this.watchCloud();
    let read = 0;
    run.child.stdout?.on("data", () => {
      const lines = run.output.slice(read).split("\n");
      read += lines.slice(0, -1).reduce((sum, line) => sum + line.length + 1, 0);
      for (const line of lines.slice(0, -1)) this.line(line);
    });
  }

  /** What happened at a node in Kubernetes. */
  changed(what: string, node: string): void {
    void this.happened(`${node} ${what}`, { node, isChangeOfCloud: false });
  }

  async end(): Promise<void> {
    for (const stop of this.stops) stop();
    const { simulator } = this.deep.cluster;
    await simulator.holdCalls([]);
    await simulator.sweep(undefined);
    await simulator.resume();
  }

  /** Each change of the cloud waits at its first attempt. */
  private watchCloud(): Promise<void> {
    return this.deep.cluster.simulator.sweep({ fault: { kind: "pause" }, hit: [] });
  }

  private async held(call: HeldCall): Promise<void> {
    const { machine, method, moment } = call;
    await this.happened(`${moment} ${method} of ${machine}`, {
      node: machine,
      isChangeOfCloud: false,
    });
    await this.deep.cluster.simulator.releaseCall(call);
  }

  private async paused(type: string, object: string): Promise<void> {
    const count = this.ofType.get(type) ?? 0;
    const isNew = this.isOn && count < most && !this.objects.has(object);
    let interruption: Interruption | undefined;
    if (isNew) {
      this.objects.add(object);
      this.ofType.set(type, count + 1);
      const place = { node: undefined, isChangeOfCloud: true };
      interruption = await this.happened(`${type} ${count + 1}`, place);
    }
    await this.deep.cluster.simulator.resume(interruption === "credential" ? refusal : undefined);
  }

  private line(line: string): void {
    const subject = subjectOf(line);
    if (subject === undefined) return;
    // A stage's title comes before its machines exist.
    const [, name] = /^ .*\b((?:control-plane|worker)-\d+)\b/.exec(line) ?? [];
    const node = name === undefined ? undefined : `demo-${name}`;
    void this.happened(`line "${subject}"`, { node, isChangeOfCloud: false });
  }

  /** Interrupts the run, where this is the first time and its turn. */
  private async happened(subject: string, place: Place): Promise<Interruption | undefined> {
    const { run, choice } = this;
    if (run === undefined || !this.isOn || this.seen.has(subject)) return undefined;
    this.seen.add(subject);
    if (!choice.isChosen(this.seen.size)) return undefined;
    const kinds = applicable(place).filter((one) => !this.struck.includes(one));
    const interruption = kinds[(this.made.length + choice.offset) % kinds.length] ?? "kill";
    this.struck = [...this.struck, interruption];
    const moment = { subject, interruption, at: Date.now(), printed: run.output.length };
    this.made.push(moment);
    this.choice.tell?.(`${interruption} at ${subject}`);
    await interrupt(this.deep, run, interruption, place.node);
    return interruption;
  }
}

/** The title of a stage that begins: "control-plane-3 is added" */
export function stageOf(line: string): string | undefined {
  return /^(\S.*) \(\d+ of \d+\)$/.exec(line)?.[1];
}

/** What a line says of a step, or of a stage of the plan: without times and numbers. */
export function subjectOf(line: string): string | undefined {
  const stage = stageOf(line);
  if (stage !== undefined) return stage;
  const [, text] = /^(?: {2}[·✓] | {4})(\S.*)$/.exec(line) ?? [];
  if (text === undefined || text.startsWith("…")) return undefined;
  const step = text.replace(/: \/.*$/, "").replace(/(,|\s+\d+) +[\d.]+ (s|m|min)\b.*$/, "");
  return line[2] === "·" ? `begun: ${step}` : step;
}
