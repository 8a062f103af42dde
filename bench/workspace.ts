import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sshKeyPair } from "../simulator/utility/ssh-key-pair";
import { SimulatorProcess } from "../simulator/process";
import { freePort, simulatedBastion } from "../src/cli/rehearse/tunnel";

const root = join(__dirname, "..", "..");
const name = "bench";

/** A user's directory for a cluster of 3+2 nodes, and a simulated cloud of its own. */
export class Workspace {
  readonly home = mkdtempSync(join(tmpdir(), "bench-"));
  private simulator!: SimulatorProcess;
  private port = 0;

  private constructor(
    private readonly tofuPath: string,
    private readonly variables: Readonly<Record<string, string>>,
  ) {}

  /**
   * @param variables What its environment has besides
   * @param more Lines of its tofu.tfvars besides
   * @param timeScale Real milliseconds for each that the cloud takes to create something. @default - the simulator's
   */
  static async create(
    tofuPath: string,
    variables: Readonly<Record<string, string>> = {},
    more = "",
    timeScale?: number,
  ): Promise<Workspace> {
    const workspace = new Workspace(tofuPath, variables);
    workspace.port = await freePort();
    workspace.simulator = await SimulatorProcess.start({
      directory: join(workspace.home, "cloud"),
      cloud: "scaleway",
      cloudOptions: { quotas: "verified", images: [{ name: "talos-v1.13.9" }] },
      tofuDirectory: workspace.stack,
      ...(timeScale === undefined ? {} : { timeScale }),
    });
    const key = sshKeyPair();
    const file = (path: string, text: string) => {
      writeFileSync(join(workspace.home, path), text, { mode: 0o600 });
    };
    file("key", key.private);
    file("ssh_config", `${simulatedBastion(workspace.simulator.ready.bastionPort).join("\n")}\n`);
    file("tofu.tfvars", input(key.public) + more);
    return workspace;
  }

  get stack(): string {
    return join(this.home, "cdktf.out", "stacks", name);
  }

  openaether(...args: string[]): Figures {
    return this.run(join(root, "openaether"), args);
  }

  tofu(...args: string[]): Figures {
    return this.run(this.tofuPath, [`-chdir=${this.stack}`, ...args]);
  }

  /** The program alone, without npm around it. */
  synth(): Figures {
    return this.run("sh", [join(root, "run.sh"), "main.js"]);
  }

  /** As the README has it: `npm run synth`. */
  typedSynth(): Figures {
    const scripts = { synth: `sh '${join(root, "run.sh")}' main.js` };
    writeFileSync(join(this.home, "package.json"), JSON.stringify({ scripts }));
    return this.run("npm", ["run", "synth"]);
  }

  private run(program: string, args: readonly string[]): Figures {
    const peak = join(this.home, "peak");
    mkdirSync(this.home, { recursive: true });
    const start = process.hrtime.bigint();
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: this.home,
      encoding: "utf8",
      env: {
        ...process.env,
        NODE_OPTIONS: `--require=${join(root, "bench", "peak.js")}`,
        OPENAETHER_BENCH_PEAK: peak,
        CHECKPOINT_DISABLE: "1",
        TF_CLI_CONFIG_FILE: "/dev/null",
        TF_REATTACH_PROVIDERS: this.simulator.reattachProviders,
        TF_VAR_tunnel_port: String(this.port),
        TOFU_BIN: this.tofuPath,
        OPENAETHER_SSH_CONFIG: join(this.home, "ssh_config"),
        OPENAETHER_SSH_KEY: join(this.home, "key"),
        ...this.variables,
      },
    });
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    if (status !== 0) throw new Error(`${program} ${args.join(" ")}\n${stdout}\n${stderr}`);
    return { seconds, mebibytes: peakIn(peak) };
  }

  async end(): Promise<void> {
    await this.simulator.stop();
    rmSync(this.home, { recursive: true, force: true });
  }
}

export interface Figures {
  readonly seconds: number;
  /** The largest resident set of a Node process that ran. */
  readonly mebibytes: number;
}

/** The largest figure that peak.js wrote into a file, which is removed. */
export function peakIn(file: string): number {
  try {
    const peaks = readFileSync(file, "utf8").trim().split("\n").map(Number);
    rmSync(file);
    return Math.max(...peaks);
  } catch {
    return 0; // a program that is not Node
  }
}

function input(key: string): string {
  return `cluster_name = "${name}"
admin_ip = "203.0.113.7"
bastion_ssh_keys = { scaleway = "${key.trim()}" }
node_distribution = { scaleway = {
  control_planes = 3
  workers = 2
  zones = ["fr-par-1", "fr-par-2", "fr-par-1"]
  image_name = "talos-v1.13.9"
} }
`;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}
