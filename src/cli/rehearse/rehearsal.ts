import { writeFileSync } from "node:fs";
import { join } from "node:path";
import colors from "picocolors";
import { SimulatorProcess } from "../../../simulator/process";
import { UserError } from "../../errors";
import { warnings } from "../../messages";
import { synthesize, type Synthesized } from "../../synth";
import { findTofu, type Tofu } from "../../tofu/binary";
import { errorText, readEvents, type TofuEvents } from "../../tofu/events";
import { isolatedEnvironment, runTofu, type TofuResult } from "../../tofu/run";
import { StepFailure, Steps } from "../steps";
import { countByPart } from "./parts";
import { type Stop, stopAtTunnel } from "./stop";
import { freePort, Tunnel } from "./tunnel";
import { Workplace } from "./workplace";

export interface RehearsalOptions {
  /** The folder the person is in. */
  readonly folder: string;
  readonly file?: string;
  /** Must be the cloud that the input names. */
  readonly cloud?: string;
  readonly keep: boolean;
  /** Also say how much of it was the simulator. */
  readonly timings: boolean;
  readonly out: NodeJS.WriteStream;
}

/** As shells count a program that Ctrl-C ended. */
const interruptedStatus = 130;

/**
 * A deployment from the input to nothing left, on a simulated cloud, in a folder of its own.
 * @returns the exit status: 0 when everything held, 1 when anything fell short, 130 after Ctrl-C
 * @throws UserError and the input's problems, before anything is made
 */
export async function rehearse(options: RehearsalOptions): Promise<number> {
  const workplace = new Workplace(options);
  const rehearsal = new Rehearsal(options, workplace);
  const interrupt = () => {
    rehearsal.interrupt();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    await rehearsal.run();
    return 0;
  } catch (error) {
    if (rehearsal.isInterrupted) {
      options.out.write("\nInterrupted. Nothing is left of the rehearsal.\n");
      return interruptedStatus;
    }
    if (!(error instanceof StepFailure)) throw error;
    if (error.words !== "") options.out.write(`\n${error.words}\n`);
    return 1;
  } finally {
    await rehearsal.end();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    workplace.remove();
  }
}

/** What the steps share once the simulated cloud is up. */
interface Stage {
  readonly synthesized: Synthesized;
  readonly simulator: SimulatorProcess;
  readonly tofu: Tofu;
  readonly tunnelPort: number;
  /** What the account held before: imported images, by kind. */
  readonly before: Readonly<Record<string, number>>;
  /** `-var-file` and `-var`, as every plan and apply gets them. */
  readonly variables: readonly string[];
}

class Rehearsal {
  isInterrupted = false;
  private readonly steps: Steps;
  /** What must be ended when the rehearsal is over, last things first. */
  private readonly endings: (() => Promise<void> | void)[] = [];
  private tofuProcess: number | undefined;
  private stopKeeping: (() => void) | undefined;

  constructor(
    private readonly options: RehearsalOptions,
    private readonly workplace: Workplace,
  ) {
    this.steps = new Steps(options.out);
  }

  async run(): Promise<void> {
    const tofu = await findTofu({
      environment: process.env,
      progress: (text) => {
        this.say(text);
      },
    });
    const synthesized = await this.synthesize(tofu);
    const stage = await this.prepare(synthesized, tofu);

    await this.init(stage);
    await this.plan(stage);
    const stop = await this.applyUntilTunnel(stage);
    await this.openTunnel(stage, stop);
    await this.finish(stage);
    await this.planAgain(stage);
    if (this.options.keep) await this.keep(stage);
    await this.destroy(stage);
    this.say(conclusion);
    if (this.options.timings) this.say(await timings(stage));
  }

  /** Ends what is under way; in `--keep`, goes on. */
  interrupt(): void {
    if (this.stopKeeping !== undefined) {
      this.stopKeeping();
      return;
    }
    this.isInterrupted = true;
    if (this.tofuProcess !== undefined) process.kill(this.tofuProcess, "SIGKILL");
  }

  async end(): Promise<void> {
    for (const ending of this.endings.splice(0)) await ending();
  }

  private async synthesize(tofu: Tofu): Promise<Synthesized> {
    const { workplace, options } = this;
    const start = Date.now();
    const synthesized = await synthesize({
      folder: workplace.folder,
      file: workplace.inputName,
      // What counts as input at synth counts here; where it writes is the rehearsal's own matter.
      environment: { ...process.env, CDKTF_OUTDIR: undefined, CI: undefined },
    });
    const { cloud, input } = synthesized;
    if (options.cloud !== undefined && options.cloud !== cloud.name) {
      throw new UserError(
        `${input.fileName} has its nodes on ${cloud.name}, not ${options.cloud}.`,
      );
    }
    this.say(
      `${colors.bold("OpenAether rehearsal")} · simulated ${cloud.title} · nothing real is touched\n` +
        `tofu ${tofu.version} (${tofu.origin})     ${input.fileName}: ${workplace.inputText}`,
    );
    const notes = warnings(synthesized.warnings, input);
    if (notes !== "") this.say(`\n${notes}`);
    this.say("");
    await this.steps.run(
      "synth",
      () =>
        Promise.resolve(
          `${synthesized.resources} resources from ${input.lines} lines of ${input.fileName}`,
        ),
      start,
    );
    return synthesized;
  }

  private async prepare(synthesized: Synthesized, tofu: Tofu): Promise<Stage> {
    const { workplace } = this;
    const { stackFolder, cloud, spec } = synthesized;
    // Whoever reads the outputs must see what they are of.
    const mark = {
      output: { simulated: { value: `A simulated ${cloud.title}: nothing of this is real.` } },
    };
    writeFileSync(join(stackFolder, "simulated.tf.json"), JSON.stringify(mark));

    const simulator = await SimulatorProcess.start({
      directory: join(workplace.folder, "cloud"),
      tofuDirectory: stackFolder,
      cloud: cloud.name,
      // The account has the image that is asked for; the rehearsal says that it proves nothing of it.
      cloudOptions: { images: [spec.nodeImage] },
      bastionKey: workplace.key.publicText,
    });
    this.endings.unshift(() => simulator.stop());
    const before = (await simulator.objects()).counts;
    const tunnelPort = await freePort();
    return {
      synthesized,
      simulator,
      tofu,
      tunnelPort,
      before,
      variables: [
        `-var-file=${join(workplace.folder, workplace.inputName)}`,
        `-var=tunnel_port=${tunnelPort}`,
      ],
    };
  }

  private init(stage: Stage): Promise<void> {
    return this.steps.run("init", async () => {
      const { code, output } = await this.tofu(stage, ["init"]);
      if (code !== 0) throw new StepFailure("failed", output);
      return "providers served by the simulator";
    });
  }

  private plan(stage: Stage): Promise<void> {
    return this.steps.run("plan", async () => {
      const result = await this.tofu(stage, ["plan", "-json", "-out=plan", ...stage.variables]);
      return `${succeeded(result).changes.add} to add`;
    });
  }

  private async applyUntilTunnel(stage: Stage): Promise<Stop> {
    let stop: Stop | undefined;
    await this.steps.run("apply", async (tell) => {
      const result = await this.tofu(stage, ["apply", "-json", "plan"], counter(stage, tell));
      const events = readEvents(result.output);
      stop = stopAtTunnel(events);
      if (stop === undefined) throw new StepFailure("failed", errorText(events.errors));
      return countByPart(stage.synthesized.stackFolder, events.done);
    });
    if (stop === undefined) throw new TypeError("a step that did not fail has its result");
    return stop;
  }

  private openTunnel({ simulator, tunnelPort }: Stage, stop: Stop): Promise<void> {
    return this.steps.run("tunnel", async () => {
      const tunnel = await Tunnel.open({
        folder: this.workplace.folder,
        keyFile: this.workplace.key.file,
        knownHosts: join(this.workplace.folder, "known_hosts.simulated"),
        ...stop,
        bastionPort: simulator.ready.bastionPort,
        port: tunnelPort,
      });
      this.endings.unshift(() => {
        tunnel.close();
      });
      return `ssh ${stop.login} → ${stop.destination}`;
    });
  }

  private finish(stage: Stage): Promise<void> {
    return this.steps.run("bootstrap", async () => {
      succeeded(await this.tofu(stage, ["apply", "-json", "-auto-approve", ...stage.variables]));
      return "etcd on control-plane-0, kubeconfig fetched";
    });
  }

  private planAgain(stage: Stage): Promise<void> {
    return this.steps.run("plan again", async () => {
      const args = ["plan", "-detailed-exitcode", ...stage.variables];
      const { code, output } = await this.tofu(stage, args);
      if (code === 2) throw new StepFailure("a second plan is not empty", output);
      if (code !== 0) throw new StepFailure("failed", output);
      return "no changes";
    });
  }

  private destroy(stage: Stage): Promise<void> {
    return this.steps.run("destroy", async (tell) => {
      const args = ["apply", "-destroy", "-json", "-auto-approve", ...stage.variables];
      const { changes } = succeeded(await this.tofu(stage, args, counter(stage, tell)));
      const left = await leftOver(stage);
      if (left.length > 0) {
        throw new StepFailure("the simulated cloud is not empty", left.join("\n"));
      }
      return `${changes.remove} of ${stage.synthesized.resources}, nothing left`;
    });
  }

  private async keep(stage: Stage): Promise<void> {
    const environment = Object.entries(isolatedEnvironment(stage.simulator.reattachProviders))
      .filter(([name]) => /^(TF_|CHECKPOINT)/.test(name))
      .concat([["TF_VAR_tunnel_port", String(stage.tunnelPort)]])
      .map(([name, value]) => `export ${name}='${value}'`);
    const file = join(this.workplace.folder, "environment");
    writeFileSync(file, `${environment.join("\n")}\n`);
    this.say(
      `\nIt stands until you press Ctrl-C. For a look around, in another terminal:\n\n` +
        `  . ${file}\n` +
        `  ${stage.tofu.path} -chdir=${stage.synthesized.stackFolder} state list\n`,
    );
    await new Promise<void>((resolve) => {
      // A promise alone does not keep Node alive.
      const alive = setInterval(() => undefined, 60_000);
      this.stopKeeping = () => {
        clearInterval(alive);
        resolve();
      };
    });
    this.stopKeeping = undefined;
  }

  private async tofu(
    stage: Stage,
    args: readonly string[],
    onLine?: (line: string) => void,
  ): Promise<TofuResult> {
    const result = await runTofu(stage.tofu.path, args, {
      stackFolder: stage.synthesized.stackFolder,
      reattach: stage.simulator.reattachProviders,
      onLine,
      onStart: (processId) => {
        this.tofuProcess = processId;
      },
    });
    this.tofuProcess = undefined;
    if (this.isInterrupted) throw new StepFailure("interrupted");
    return result;
  }

  private say(text: string): void {
    this.options.out.write(`${text}\n`);
  }
}

/** @throws StepFailure with tofu's own words when it failed */
function succeeded(result: TofuResult): TofuEvents {
  const events = readEvents(result.output);
  if (result.code !== 0) throw new StepFailure("failed", errorText(events.errors));
  return events;
}

/** The simulator's processor time, against the wall time since this program began. */
async function timings({ simulator }: Stage): Promise<string> {
  const { cpu } = await simulator.usage();
  const busy = (cpu.user + cpu.system) / 1e6;
  const wall = performance.now() / 1000;
  const share = Math.round((busy / wall) * 100);
  return `\nOf ${wall.toFixed(1)} s the simulator was busy ${busy.toFixed(1)} s: ${share} %.`;
}

/** Tells how many of the resources are done, as tofu's lines come by. */
function counter({ synthesized }: Stage, tell: (progress: string) => void): (line: string) => void {
  let done = 0;
  return (line) => {
    done += readEvents(line).done.filter((address) => !address.startsWith("data.")).length;
    tell(`${done} of ${synthesized.resources}`);
  };
}

/** A line for each kind of cloud object that there is more of than before. */
async function leftOver({ simulator, before, synthesized }: Stage): Promise<string[]> {
  const { counts } = await simulator.objects();
  return Object.entries(counts)
    .filter(([kind]) => kind.startsWith(`${synthesized.cloud.name}_`))
    .map(([kind, count]) => ({ kind, more: count - (before[kind] ?? 0) }))
    .filter(({ more }) => more > 0)
    .map(({ kind, more }) => `  ${kind}: ${more}`);
}

const conclusion = `
Proved: the configuration applies, stops where the tunnel is needed, bootstraps
through the bastion with its pinned host key, converges, and leaves nothing.
Not proved: that your own key opens the bastion, that the image is in your
account, quotas, prices, real boot times (docs/assurance.md).`;
