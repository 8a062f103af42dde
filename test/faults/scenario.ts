import { join } from "node:path";
import type { FaultEvent } from "../../simulator/faults";
import { synthesize } from "../../src/synth";
import { readEvents } from "../../src/tofu/events";
import { runTofu } from "../../src/tofu/process";
import type { TestCloud } from "../support/clouds";
import { User, type Running } from "../support/command-line";
import { tofuBinary } from "../support/tofu";
import { Advice } from "./advice";
import { resourcesIn } from "./state";
import { TunnelCuts } from "./tunnel";
import type { Kind } from "./kinds";

/** What tofu or the command line is asked to do. */
export interface Intent {
  readonly isDestroy?: boolean;
  /** The node to replace, while it is still the old one. */
  readonly replace?: { readonly node: string; readonly address: string; readonly id: string };
}

/** Which changes have a fault: the one of that number, counted over all, or those of a sweep. */
export type FaultTarget = { readonly at: number } | OfSweep;

interface OfSweep {
  /** Subjects that had their fault already. */
  readonly hit: ReadonlySet<string>;
  /** How many are left, by "create scaleway_lb". */
  readonly points: Readonly<Record<string, number>>;
}

/** How a run ended, and which faults occurred in it. */
export interface RunResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** Everything that it printed. */
  readonly printed: string;
  readonly occurred: readonly FaultEvent[];
}

/** A cluster's lifecycle with faults, and a user who follows the messages. */
export class Scenario {
  /** Bootstraps of clusters that were destroyed. */
  private pastBootstraps = 0;
  /** Which program made the last run. */
  by: Kind["by"] = "tofu";
  /** Everything that was printed, by tofu and the command line. */
  readonly printedAll: string[] = [];
  private events: FaultEvent[] = [];
  private readonly advice = new Advice();
  readonly tunnel: TunnelCuts;
  private wasKilled = false;
  private offset = 0;
  private isInitialized = false;

  private constructor(readonly user: User) {
    this.tunnel = new TunnelCuts(user);
    this.watch();
  }

  static async on(cloud: TestCloud, nodes: object): Promise<Scenario> {
    return new Scenario(await User.in(cloud, nodes));
  }

  get cloud(): TestCloud {
    return this.user.cloud;
  }

  /** One run, in which every change that was not attempted yet has one kind of fault; without a kind, none. */
  async run(intent: Intent, kind?: Kind, ahead: FaultTarget = { at: 0 }): Promise<RunResult> {
    if (this.wasKilled && this.hasJournal && intent.isDestroy !== true) await this.followUp();
    this.events = [];
    await this.arm(kind, ahead);
    // A run of the command line that was interrupted is resumed by the command line.
    const isPlain = kind?.by !== "openaether" && !this.hasJournal;
    this.by = isPlain ? "tofu" : "openaether";
    const ended = isPlain ? await this.plain(intent, kind) : await this.openaether(intent, kind);
    if (!(await this.hasReported())) {
      await this.restartSimulator();
      // Without a provider to read the state with, no message named possible orphans.
      this.wasKilled = !isPlain;
    }
    this.printedAll.push(ended.printed);
    return { ...ended, occurred: [...this.events] };
  }

  /** Addresses that a plan would still change. */
  async changesPlanned({ isDestroy = false }: Intent): Promise<string[]> {
    await this.user.simulator.sweep(undefined);
    const { code, printed } = await this.tofu([
      ...["plan", "-json", ...this.variables],
      ...(isDestroy ? ["-destroy"] : []),
    ]);
    if (code !== 0) throw new Error(printed);
    return [...readEvents(printed).planned];
  }

  /** The public key that may log in to the bastion. */
  get bastionKey(): string {
    const input = JSON.parse(this.user.read("tofu.tfvars.json")) as {
      bastion_ssh_keys: Readonly<Record<string, string>>;
    };
    return input.bastion_ssh_keys[this.cloud.name] ?? "";
  }

  /** Advances the cloud's date. */
  async later(milliseconds: number): Promise<void> {
    this.offset += milliseconds;
    await this.user.simulator.advance(milliseconds);
  }

  get hasJournal(): boolean {
    return this.user.has(".openaether/journal");
  }

  /** Changes variables of the input. */
  edit(changes: object): void {
    this.user.edit(changes);
  }

  /** The id of an address in the state. */
  idOf(address: string): string | undefined {
    return this.ids().get(address);
  }

  /** How often etcd was bootstrapped, by what its nodes know: a provider that is killed reports nothing. */
  async bootstraps(): Promise<number> {
    return (await this.allBootstraps()) - this.pastBootstraps;
  }

  /** The cluster was destroyed: the next one is bootstrapped again. */
  async forgetBootstraps(): Promise<void> {
    this.pastBootstraps = await this.allBootstraps();
  }

  private async allBootstraps(): Promise<number> {
    const { list } = await this.user.simulator.objects();
    const counted = Object.values(list["talos.bootstraps"] ?? {}) as { count: number }[];
    return counted.reduce((sum, { count }) => sum + count, 0);
  }

  /** Ids in the state, by address. */
  ids(): Map<string, string> {
    return new Map(
      resourcesIn(this.user.home).map(({ address, attributes }) => [
        address,
        String(attributes["id"]),
      ]),
    );
  }

  async end(): Promise<void> {
    this.tunnel.end();
    await this.user.end();
  }

  private watch(): void {
    const { simulator } = this.user;
    simulator.onFault((event) => {
      if (event.isOfSweep) this.events.push(event);
    });
    this.tunnel.watch();
  }

  /** Calls through the tunnel have a fault like all others; at their next attempt the tunnel is cut. */
  private async arm(kind: Kind | undefined, ahead: FaultTarget): Promise<void> {
    const { simulator } = this.user;
    this.tunnel.isSwept = !("at" in ahead);
    if ("at" in ahead) {
      await simulator.sweep(undefined);
      const single = kind ? [{ ...kind.sweep.fault, at: ahead.at }] : [];
      await simulator.faults([...single, ...this.tunnel.pauses]);
      return;
    }
    const { hit, points } = ahead;
    await simulator.faults(this.tunnel.pauses);
    await simulator.sweep(kind && { ...kind.sweep, hit: [...hit], points });
  }

  /**
   * Every report of a run has arrived when this has, as they come in order.
   * @returns false when the simulator was ended by the run
   */
  private async hasReported(): Promise<boolean> {
    const { simulator } = this.user;
    try {
      await simulator.usage();
      return true;
    } catch {
      await simulator.ended();
      return false;
    }
  }

  /** Restarts the simulator with its cloud. */
  private async restartSimulator(): Promise<void> {
    await this.user.startSimulator();
    await this.user.simulator.advance(this.offset);
    this.watch();
  }

  private async plain({ isDestroy = false, replace }: Intent, kind?: Kind) {
    const { user } = this;
    if (!isDestroy) await synthesize({ directory: user.home, environment: {} });
    if (!this.isInitialized) await this.tofu(["init"]);
    this.isInitialized = true;
    const args = [
      ...(isDestroy ? ["-destroy"] : []),
      ...(replace && this.idOf(replace.address) === replace.id
        ? [`-replace=${replace.address}`]
        : []),
    ];
    return this.tofu(["apply", "-json", "-auto-approve", ...this.variables, ...args], kind);
  }

  private get variables(): string[] {
    const file = join(this.user.home, "tofu.tfvars.json");
    return [`-var-file=${file}`, `-var=tunnel_port=${this.user.tunnelPort}`];
  }

  private async tofu(args: readonly string[], kind?: Kind) {
    const { user } = this;
    let processId = 0;
    const running = runTofu(tofuBinary(), args, {
      stackDirectory: user.stackDirectory,
      reattach: user.simulator.reattachProviders,
      environment: {
        OPENAETHER_SSH_CONFIG: join(user.home, "ssh_config"),
        OPENAETHER_SSH_KEY: join(user.home, "key"),
        OPENAETHER_SSH_WAIT: "20",
      },
      onStart: (id) => (processId = id),
    });
    const { then } = kind ?? {};
    const off = this.onFirstFault(kind, () => {
      off();
      if (then === "SIGINT" || then === "SIGTERM") process.kill(processId, then);
    });
    const { code, output } = await running;
    off();
    return { code, printed: output };
  }

  private async openaether({ isDestroy = false, replace }: Intent, kind?: Kind) {
    const { user } = this;
    const isOld = replace && this.idOf(replace.address) === replace.id;
    const args = isDestroy
      ? ["down", "--name", "demo"]
      : [
          ...["up", "--yes"],
          ...(isOld ? ["--replace", replace.node] : []),
          ...[...this.advice.allowed].flatMap((node) => ["--allow", node]),
          ...this.advice
            .found(await user.simulator.objects(), this.ids())
            .flatMap((found) => ["--adopt", found]),
        ];
    const running = user.start(args);
    this.wasKilled = false;
    const off = this.onFirstFault(kind, () => {
      off();
      this.sendSignal(running, kind);
    });
    const { code, output, errors } = await running.ended;
    off();
    const printed = `${output}\n${errors}`;
    this.advice.read(printed);
    return { code, printed };
  }

  /** A pause during which the tunnel is cut is no signal. */
  private onFirstFault(kind: Kind | undefined, listener: () => void): () => void {
    return this.user.simulator.onFault(({ kind: occurred }) => {
      if (occurred === kind?.sweep.fault.kind || occurred === kind?.sweep.secondOfType?.kind)
        listener();
    });
  }

  private sendSignal(running: Running, kind: Kind | undefined): void {
    if (kind?.then === "kill -9") {
      const { tofu } = running;
      running.child.kill("SIGKILL");
      process.kill(tofu, "SIGKILL");
      this.wasKilled = true;
    } else if (kind?.then === "SIGINT" || kind?.then === "SIGTERM") {
      running.child.kill(kind.then);
    }
  }

  /** A user whose run ended without any advice runs status before answering yes. */
  private async followUp(): Promise<void> {
    await this.user.simulator.sweep(undefined);
    const { output, errors } = await this.user.openaether("up");
    this.advice.read(`${output}\n${errors}`);
    this.wasKilled = false;
  }
}
