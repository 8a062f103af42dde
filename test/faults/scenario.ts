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
export type Ahead = { readonly at: number } | OfSweep;

interface OfSweep {
  /** Subjects that had their fault already. */
  readonly met: ReadonlySet<string>;
  /** How many are left, by "create scaleway_lb". */
  readonly points: Readonly<Record<string, number>>;
}

/** How a run ended, and which faults occurred in it. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** Everything that it printed. */
  readonly words: string;
  readonly struck: readonly FaultEvent[];
}

/** A cluster's lifecycle with faults, and a user who follows the messages. */
export class Scenario {
  /** How often etcd was bootstrapped. */
  bootstraps = 0;
  /** Which program made the last run. */
  by: Kind["by"] = "tofu";
  /** Everything that was printed, by tofu and the command line. */
  readonly said: string[] = [];
  private strikes: FaultEvent[] = [];
  private readonly counsel = new Advice();
  readonly tunnel: TunnelCuts;
  private wasKilled = false;
  private ahead = 0;
  private isInitialized = false;

  private constructor(readonly person: User) {
    this.tunnel = new TunnelCuts(person);
    this.watch();
  }

  static async on(cloud: TestCloud, nodes: object): Promise<Scenario> {
    return new Scenario(await User.in(cloud, nodes));
  }

  get cloud(): TestCloud {
    return this.person.cloud;
  }

  /** One run, in which every change that was not attempted yet has one kind of fault; without a kind, none. */
  async run(wish: Intent, kind?: Kind, ahead: Ahead = { at: 0 }): Promise<Ended> {
    if (this.wasKilled && this.hasJournal && wish.isDestroy !== true) await this.ask();
    this.strikes = [];
    await this.arm(kind, ahead);
    // A run of the command line that was interrupted is resumed by the command line.
    const isPlain = kind?.by !== "openaether" && !this.hasJournal;
    this.by = isPlain ? "tofu" : "openaether";
    const ended = isPlain ? await this.plain(wish, kind) : await this.commanded(wish, kind);
    if (!this.person.simulator.isRunning) {
      await this.revive();
      // Without a provider to read the state with, no message named possible orphans.
      this.wasKilled = !isPlain;
    }
    this.said.push(ended.words);
    return { ...ended, struck: [...this.strikes] };
  }

  /** Addresses that a plan would still change. */
  async changesPlanned({ isDestroy = false }: Intent): Promise<string[]> {
    await this.person.simulator.sweep(undefined);
    const { code, words } = await this.tofu([
      ...["plan", "-json", ...this.variables],
      ...(isDestroy ? ["-destroy"] : []),
    ]);
    if (code !== 0) throw new Error(words);
    return [...readEvents(words).planned];
  }

  /** The public key that may log in to the bastion. */
  get bastionKey(): string {
    const input = JSON.parse(this.person.read("tofu.tfvars.json")) as {
      bastion_ssh_keys: Readonly<Record<string, string>>;
    };
    return input.bastion_ssh_keys[this.cloud.name] ?? "";
  }

  /** Advances the cloud's date. */
  async later(milliseconds: number): Promise<void> {
    this.ahead += milliseconds;
    await this.person.simulator.advance(milliseconds);
  }

  get hasJournal(): boolean {
    return this.person.has(".openaether/journal");
  }

  /** Changes variables of the input. */
  edit(changes: object): void {
    this.person.edit(changes);
  }

  /** The id of an address in the state. */
  idOf(address: string): string | undefined {
    return this.ids().get(address);
  }

  /** Ids in the state, by address. */
  ids(): Map<string, string> {
    return new Map(
      resourcesIn(this.person.home).map(({ address, attributes }) => [
        address,
        String(attributes["id"]),
      ]),
    );
  }

  async end(): Promise<void> {
    this.tunnel.end();
    await this.person.end();
  }

  private watch(): void {
    const { simulator } = this.person;
    simulator.onFault((strike) => {
      if (strike.isOfSweep) this.strikes.push(strike);
    });
    simulator.onChange("changeDone", ({ type, operation }) => {
      if (type === "talos_machine_bootstrap" && operation === "create") this.bootstraps += 1;
    });
    this.tunnel.watch();
  }

  /** Calls through the tunnel have a fault like all others; at their next attempt the tunnel is cut. */
  private async arm(kind: Kind | undefined, ahead: Ahead): Promise<void> {
    const { simulator } = this.person;
    this.tunnel.isSwept = !("at" in ahead);
    if ("at" in ahead) {
      await simulator.sweep(undefined);
      const single = kind ? [{ ...kind.sweep.fault, at: ahead.at }] : [];
      await simulator.faults([...single, ...this.tunnel.pauses]);
      return;
    }
    const { met, points } = ahead;
    await simulator.faults(this.tunnel.pauses);
    await simulator.sweep(kind && { ...kind.sweep, hit: [...met], points });
  }

  /** Restarts the simulator with its cloud. */
  private async revive(): Promise<void> {
    await this.person.startSimulator();
    await this.person.simulator.advance(this.ahead);
    this.watch();
  }

  private async plain({ isDestroy = false, replace }: Intent, kind?: Kind) {
    const { person } = this;
    if (!isDestroy) await synthesize({ folder: person.home, environment: {} });
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
    const file = join(this.person.home, "tofu.tfvars.json");
    return [`-var-file=${file}`, `-var=tunnel_port=${this.person.tunnelPort}`];
  }

  private async tofu(args: readonly string[], kind?: Kind) {
    const { person } = this;
    let processId = 0;
    const running = runTofu(tofuBinary(), args, {
      stackFolder: person.stackFolder,
      reattach: person.simulator.reattachProviders,
      environment: {
        OPENAETHER_SSH_CONFIG: join(person.home, "ssh_config"),
        OPENAETHER_SSH_KEY: join(person.home, "key"),
        OPENAETHER_SSH_WAIT: "20",
      },
      onStart: (id) => (processId = id),
    });
    const { then } = kind ?? {};
    const off = this.onBlow(kind, () => {
      off();
      if (then === "SIGINT" || then === "SIGTERM") process.kill(processId, then);
    });
    const { code, output } = await running;
    off();
    return { code, words: output };
  }

  private async commanded({ isDestroy = false, replace }: Intent, kind?: Kind) {
    const { person } = this;
    const isOld = replace && this.idOf(replace.address) === replace.id;
    const args = isDestroy
      ? ["down", "--name", "demo"]
      : [
          ...["up", "--yes"],
          ...(isOld ? ["--replace", replace.node] : []),
          ...[...this.counsel.allowed].flatMap((node) => ["--allow", node]),
          ...this.counsel
            .found(await person.simulator.objects(), this.ids())
            .flatMap((found) => ["--adopt", found]),
        ];
    const running = person.start(args);
    this.wasKilled = false;
    const off = this.onBlow(kind, () => {
      off();
      this.blow(running, kind);
    });
    const { code, output, errors } = await running.ended;
    off();
    const words = `${output}\n${errors}`;
    this.counsel.heed(words);
    return { code, words };
  }

  /** A pause during which the tunnel is cut is no signal. */
  private onBlow(kind: Kind | undefined, listener: () => void): () => void {
    return this.person.simulator.onFault(({ kind: struck }) => {
      if (struck === kind?.sweep.fault.kind || struck === kind?.sweep.secondOfType?.kind)
        listener();
    });
  }

  private blow(running: Running, kind: Kind | undefined): void {
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
  private async ask(): Promise<void> {
    await this.person.simulator.sweep(undefined);
    const { output, errors } = await this.person.openaether("up");
    this.counsel.heed(`${output}\n${errors}`);
    this.wasKilled = false;
  }
}
