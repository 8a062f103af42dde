import { execFile, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  type CloudName,
  type ClusterSpec,
  cloudNames,
} from "../../../constructs/model/cluster-spec";
import { findTalosctl } from "../../programs/real-programs";
import { synthesize } from "../../synth";
import { readEvents } from "../../tofu/events";
import { runTofu } from "../../tofu/process";
import { StepFailure, type Steps } from "../../view/steps";
import { apiPort, deathText, findDeepPrograms, nodesReady } from "./deep";
import { throughPort, variablesFor } from "./keep";
import { prepareStage } from "./prepare";
import { leftOver, type Stage } from "./stage";
import { freePort } from "./tunnel";
import { Workspace } from "./workspace";

const run = promisify(execFile);

export interface DisasterTools {
  readonly steps: Steps;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
  /** What is to be done at the end of the rehearsal, before what was added earlier. */
  readonly endAtLast: (ending: () => Promise<void>) => void;
}

/** Objects that are written before the disaster, and looked for after it. */
const objects = {
  configmap: ["survivor", "--from-literal=text=written before the disaster"],
  secret: ["generic", "survivor", "--from-literal=text=a secret of the user's"],
} as const;

/** A deep rehearsal's cluster is backed up, its cloud is lost, and another cloud takes it over. */
export class Disaster {
  private readonly backups: string;
  private readonly key: string;

  constructor(
    private readonly stage: Stage,
    private readonly workplace: Workspace,
    private readonly tools: DisasterTools,
  ) {
    this.backups = join(workplace.directory, "backups");
    this.key = join(workplace.directory, "backup.key");
  }

  /** @throws StepFailure */
  async run(): Promise<void> {
    const { steps, say, signal } = this.tools;
    const talosctl = await findTalosctl({ environment: process.env, progress: say, signal });
    await steps.run("write", () => this.writeObjects());
    await steps.run("backup", (tell) => this.backUp(tell));
    await steps.run("disaster", async () => {
      await this.stage.simulator.stop();
      return `the simulated ${this.stage.synthesized.cloud.title} is gone, with everything on it`;
    });
    const { stage, workplace, port } = await this.otherCloud();
    await steps.run("restore", async (tell) => {
      const [file = ""] = readdirSync(this.backups);
      const restore = ["restore", join(this.backups, file), "--identity", this.key];
      const environment = { ...variablesFor(stage, port), TALOSCTL_BIN: talosctl.path };
      await this.command([...restore, "--into", workplace.directory, "--yes"], environment, tell);
      return `on a simulated ${stage.synthesized.cloud.title}, ${stage.synthesized.spec.region}`;
    });
    await steps.run("nodes", (tell) =>
      nodesReady(stage, workplace, this.kubectl, tell, this.tools.signal),
    );
    await steps.run("compare", () => this.compare(stage, workplace));
    await steps.run("destroy", () => destroy(stage));
  }

  private get kubectl(): string {
    return this.stage.deep?.kubectl ?? "kubectl";
  }

  private async writeObjects(): Promise<string> {
    const kubeconfig = kubeconfigOf(this.workplace, await apiPort(this.stage));
    for (const [kind, args] of Object.entries(objects)) {
      await this.ask(this.workplace, kubeconfig, "create", kind, ...args);
    }
    return `${Object.keys(objects).join(", ")}: survivor`;
  }

  private async backUp(tell: (progress: string) => void): Promise<string> {
    const { stage, workplace, key } = this;
    const environment = variablesFor(stage, await apiPort(stage));
    const dir = ["--dir", workplace.directory];
    await this.command(["backup", "create-key", key, ...dir], environment, tell);
    await this.command(["backup", ...dir, "--to", this.backups], environment, tell);
    const [file = ""] = readdirSync(this.backups);
    const verify = ["backup", "verify", join(this.backups, file), "--identity", key];
    await this.command(verify, environment, tell);
    return `${file}, verified`;
  }

  /** The cloud after this one in the alphabet, with the example's nodes and this cluster's versions. */
  private async otherCloud() {
    const { cloud, spec } = this.stage.synthesized;
    const names = [...cloudNames].sort();
    const other = names[(names.indexOf(cloud.name) + 1) % names.length] ?? cloud.name;
    const empty = join(this.workplace.directory, "elsewhere");
    mkdirSync(empty, { mode: 0o700 });
    const workplace = new Workspace({ directory: empty, cloud: other });
    this.tools.endAtLast(() => workplace.remove());
    writeFileSync(join(workplace.directory, workplace.inputName), inputFor(workplace, spec, other));
    const synthesized = await synthesize({
      directory: workplace.directory,
      environment: {},
      isRehearsal: true,
    });
    const { say, signal } = this.tools;
    const port = await freePort();
    const stage = await prepareStage({
      workplace,
      synthesized,
      tofu: this.stage.tofu,
      deep: await findDeepPrograms(synthesized.spec, "own", say, signal),
      apiPort: port,
      died: (death) => {
        say(`\n${deathText(death)}`);
      },
    });
    this.tools.endAtLast(() => stage.simulator.stop());
    return { stage, workplace, port };
  }

  private async compare(stage: Stage, workplace: Workspace): Promise<string> {
    const kubeconfig = kubeconfigOf(workplace, await apiPort(stage));
    for (const kind of Object.keys(objects)) {
      await this.ask(workplace, kubeconfig, "get", kind, "survivor");
    }
    return `${Object.keys(objects).join(", ")}: survivor is there`;
  }

  /** @throws StepFailure with kubectl's message */
  private async ask(workplace: Workspace, kubeconfig: string, ...args: string[]): Promise<void> {
    try {
      await run(this.kubectl, ["--kubeconfig", kubeconfig, ...args], {
        env: { PATH: process.env["PATH"], HOME: workplace.directory },
        timeout: 30_000,
      });
    } catch (error) {
      const { stderr } = error as { readonly stderr?: string };
      throw new StepFailure(
        `kubectl ${args.slice(0, 2).join(" ")} failed`,
        stderr ?? String(error),
      );
    }
  }

  /** This command line, as a user types it. @throws StepFailure with what it printed */
  private async command(
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
    tell: (progress: string) => void,
  ): Promise<void> {
    const child = spawn(process.execPath, [process.argv[1] ?? "", ...args], {
      env: { ...process.env, TOFU_BIN: this.stage.tofu.path, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      signal: this.tools.signal,
    });
    let output = "";
    const take = (text: string) => {
      output += text;
      tell(text.trim().split("\n").at(-1)?.trim().slice(0, 60) ?? "");
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    const code = await new Promise<number | null>((resolve) => {
      child.once("error", () => {
        resolve(null);
      });
      child.once("close", resolve);
    });
    if (this.tools.signal.aborted) throw new StepFailure("interrupted");
    if (code !== 0) throw new StepFailure(`openaether ${args[0] ?? ""} failed`, output);
  }
}

/** Destroys by tofu itself, and looks at what the simulated cloud has left. */
async function destroy(stage: Stage): Promise<string> {
  const { synthesized, simulator, environment, variables, tofu } = stage;
  const args = ["apply", "-destroy", "-json", "-auto-approve", ...variables];
  const { code, output } = await runTofu(tofu.path, args, {
    stackDirectory: synthesized.stackDirectory,
    reattach: simulator.reattachProviders,
    environment,
  });
  if (code !== 0) throw new StepFailure("failed", output);
  const left = await leftOver(stage);
  if (left.length > 0) throw new StepFailure("the simulated cloud is not empty", left.join("\n"));
  return `${readEvents(output).changes.remove} resources, nothing left`;
}

function kubeconfigOf({ directory }: Workspace, port: number): string {
  const file = join(directory, "kubeconfig.loopback");
  const given = readFileSync(join(directory, "kubeconfig.simulated"), "utf8");
  writeFileSync(file, throughPort(given, port), { mode: 0o600 });
  return file;
}

/** The example of a cloud with what a restore needs to be the same. */
function inputFor(workplace: Workspace, spec: ClusterSpec, cloud: CloudName): string {
  const example = readFileSync(join(workplace.directory, workplace.inputName), "utf8");
  const same = {
    cluster_name: spec.name,
    talos_version: spec.talosVersion.toString(),
    kubernetes_version: spec.kubernetesVersion.toString(),
    pod_cidr: spec.podNetwork.toString(),
    service_cidr: spec.serviceNetwork.toString(),
  };
  const rest = example
    .split("\n")
    .filter((line) => !Object.keys(same).some((name) => new RegExp(`^${name}\\s*=`).test(line)));
  const lines = Object.entries(same).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return [`# ${cloud}: takes the cluster over.`, ...lines, ...rest].join("\n");
}
