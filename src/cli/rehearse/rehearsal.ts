import { join } from "node:path";
import type { CloudName } from "../../../constructs/model/cluster-spec";
import { colors } from "../../view/colors";
import { UserError } from "../../errors";
import { warnings } from "../../view/messages";
import { synthesize, type Synthesized } from "../../synth";
import { findTofu, type Tofu } from "../../tofu/binary";
import { errorText, readEvents, type TofuEvents } from "../../tofu/events";
import { runTofu, type TofuResult } from "../../tofu/process";
import { StepFailure, type StepResult, Steps } from "../../view/steps";
import { countByPart } from "./parts";
import {
  apiPort,
  type DeepPrograms,
  deathText,
  findDeepPrograms,
  memoryWarning,
  nodesReady,
} from "./deep";
import { Disaster } from "./disaster";
import { asKept, keepOpen, refuseOthersFiles } from "./keep";
import { prepareStage } from "./prepare";
import { counter, leftOver, type Stage, standing, timings } from "./stage";
import { type OpenedTunnel, openedBy } from "./opened";
import type { Workspace } from "./workspace";
import { write } from "../../view/output";

export interface RehearsalOptions {
  /** The current directory. */
  readonly directory: string;
  readonly file?: string;
  /** Must be the cloud of the input. */
  readonly cloud?: CloudName;
  readonly keep: boolean;
  /** With --deep: back the cluster up, lose its cloud, restore it on another one. */
  readonly disaster: boolean;
  /** With a real etcd and a real kube-apiserver on the control planes. */
  readonly deep: boolean;
  /** With the programs of every release that can be built, so that a kept cluster can be upgraded. */
  readonly upgrades: boolean;
  /** Also write the result to this file, as Markdown. */
  readonly summary?: string;
  /** Also report the simulator's share of the time. */
  readonly timings: boolean;
  readonly out: NodeJS.WriteStream;
}

/** The steps of a deployment, from the input to an empty cloud, on a simulated cloud. */
export class Rehearsal {
  private readonly interruption = new AbortController();
  synthesized: Synthesized | undefined;
  /** Addresses that the plan creates. */
  planned: readonly string[] = [];
  private deep: DeepPrograms | undefined;
  private readonly steps: Steps;
  /** Clean-up at the end of the rehearsal, in reverse order. */
  private readonly endings: (() => Promise<void> | void)[] = [];
  private tofuProcess: number | undefined;
  private stopKeeping: (() => void) | undefined;

  constructor(
    private readonly options: RehearsalOptions,
    private readonly workplace: Workspace,
  ) {
    this.steps = new Steps(options.out);
  }

  get isInterrupted(): boolean {
    return this.interruption.signal.aborted;
  }

  get results(): readonly StepResult[] {
    return this.steps.results;
  }

  async run(): Promise<void> {
    const tofu = await findTofu({
      environment: process.env,
      progress: (text) => {
        this.say(text);
      },
    });
    if (this.options.deep && this.options.keep) refuseOthersFiles(this.options.directory);
    const synthesized = await this.synthesize(tofu);
    const stage = await this.prepare(synthesized, tofu);

    await this.init(stage);
    await this.plan(stage);
    await this.apply(stage);
    await this.nodes(stage);
    await this.planAgain(stage);
    if (this.options.disaster) {
      await this.disaster(stage);
      return;
    }
    if (this.options.keep) await this.keep(stage);
    await this.destroy(stage);
    this.say(conclusion(stage.deep));
    if (this.options.timings) this.say(await timings(stage));
  }

  /** Ends the current step; with `--keep`, continues. */
  interrupt(): void {
    if (this.stopKeeping !== undefined) {
      this.stopKeeping();
      return;
    }
    this.interruption.abort();
    if (this.tofuProcess !== undefined) process.kill(this.tofuProcess, "SIGKILL");
  }

  async end(): Promise<void> {
    for (const ending of this.endings.splice(0)) await ending();
  }

  private async synthesize(tofu: Tofu): Promise<Synthesized> {
    const { workplace, options } = this;
    const start = Date.now();
    const synthesized = await synthesize({
      directory: workplace.directory,
      file: workplace.inputName,
      filesDirectory: workplace.filesDirectory,
      // The environment's input counts here as at synth; the rest is the rehearsal's own.
      environment: variablesOf(process.env),
      isRehearsal: true,
    });
    this.synthesized = synthesized;
    const { cloud, input } = synthesized;
    if (options.cloud !== undefined && options.cloud !== cloud.name) {
      throw new UserError(
        `${input.fileName} has its nodes on ${cloud.name}, not ${options.cloud}.`,
      );
    }
    const took = Date.now() - start;
    this.deep = await this.deepPrograms(synthesized);
    this.say(
      `${colors.bold("OpenAether rehearsal")} · simulated ${cloud.title} · nothing real is touched\n` +
        `tofu ${tofu.version} (${tofu.origin})     ${input.fileName}: ${workplace.inputText}` +
        (this.deep === undefined ? "" : `\n${this.deep.title}`),
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
      Date.now() - took,
    );
    return synthesized;
  }

  private async prepare(synthesized: Synthesized, tofu: Tofu): Promise<Stage> {
    const stage = await prepareStage({
      workplace: this.workplace,
      synthesized,
      tofu,
      deep: this.deep,
      died: (death) => {
        this.say(`\n${deathText(death)}`);
      },
    });
    this.endings.unshift(() => stage.simulator.stop());
    return stage;
  }

  private async deepPrograms({ spec }: Synthesized): Promise<DeepPrograms | undefined> {
    if (!this.options.deep) return undefined;
    const warning = memoryWarning();
    if (warning !== undefined) this.say(`${warning}\n`);
    const say = (text: string) => {
      this.say(text);
    };
    const { keep, upgrades } = this.options;
    const releases = upgrades ? "all" : keep ? "present" : "own";
    return findDeepPrograms(spec, releases, say, this.interruption.signal);
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
      const { changes, planned } = succeeded(result);
      this.planned = planned;
      return `${changes.add} to add`;
    });
  }

  /** In one apply: the last step before the bootstrap opens the tunnel with the rehearsal's own key. */
  private async apply(stage: Stage): Promise<void> {
    let tunnel: OpenedTunnel | undefined;
    await this.steps.run("apply", async (tell) => {
      const count = counter(stage, tell);
      const result = await this.tofu(stage, ["apply", "-json", "plan"], (line) => {
        count(line);
        tunnel ??= openedBy(line);
      });
      return countByPart(stage.synthesized.stackDirectory, succeeded(result).done);
    });
    const { way, since } = tunnel ?? { way: "no tunnel", since: Date.now() };
    await this.steps.run("bootstrap", () => Promise.resolve(way), since);
  }

  private async nodes(stage: Stage): Promise<void> {
    const { deep } = stage;
    if (deep === undefined) return;
    await this.steps.run("nodes", (tell) =>
      nodesReady(stage, this.workplace, deep.kubectl, tell, this.interruption.signal),
    );
    if (this.options.timings) this.say(await standing(stage));
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
      const now = this.options.keep ? await asKept(stage, this.workplace) : stage;
      const args = ["apply", "-destroy", "-json", "-auto-approve", ...now.variables];
      const { changes } = succeeded(await this.tofu(now, args, counter(stage, tell)));
      const left = await leftOver(stage);
      if (left.length > 0) {
        throw new StepFailure("the simulated cloud is not empty", left.join("\n"));
      }
      return `${changes.remove} of ${stage.synthesized.resources}, nothing left`;
    });
  }

  private async disaster(stage: Stage): Promise<void> {
    const say = (text: string) => {
      this.say(text);
    };
    const disaster = new Disaster(stage, this.workplace, {
      steps: this.steps,
      say,
      signal: this.interruption.signal,
      endAtLast: (ending) => this.endings.unshift(ending),
    });
    await disaster.run();
    say(disasterConclusion);
  }

  private async keep(stage: Stage): Promise<void> {
    const port = stage.deep && (await apiPort(stage));
    const kept = await keepOpen(stage, this.workplace, this.options.directory, port);
    this.endings.unshift(kept.close);
    const lines = kept.lines.map((line) => `  ${line}\n`).join("");
    this.say(
      `\nIt is kept until you press Ctrl-C. For a look around, in another terminal:\n\n${lines}\n` +
        `To rehearse a change, edit ${join(this.workplace.directory, this.workplace.inputName)},\n` +
        "then run ./openaether plan and ./openaether up there, with the same --dir.",
    );
    await new Promise<void>((resolve) => {
      // A promise alone does not keep Node running.
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
      stackDirectory: stage.synthesized.stackDirectory,
      reattach: stage.simulator.reattachProviders,
      environment: stage.environment,
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
    write(this.options.out, `${text}\n`);
  }
}

/** The `TF_VAR_…` of an environment. */
function variablesOf(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => name.startsWith("TF_VAR_")),
  );
}

/** @throws StepFailure with tofu's message when it failed */
function succeeded(result: TofuResult): TofuEvents {
  const events = readEvents(result.output);
  if (result.code !== 0) throw new StepFailure("failed", errorText(events.errors));
  return events;
}

const conclusion = (deep: DeepPrograms | undefined) => `
Proved: the configuration applies, bootstraps through the bastion with its pinned
host key, converges, and leaves nothing.${deep === undefined ? "" : deepConclusion}
Not proved: that your own key opens the bastion, that the image is in your
account, quotas, prices, real boot times (docs/assurance.md).`;

const disasterConclusion = `
Proved, on real programs: what was written into the cluster is in its backup, and
a new cluster on another cloud answers with it.
Not proved: what is outside of etcd (volumes, load balancers of workloads), that
your key opens the backup in a year, real boot times (docs/disaster.md).`;

const deepConclusion = `
With it, on real programs: etcd and the Kubernetes API start with the keys and
settings of the machine configurations, and every node joins through them.`;
