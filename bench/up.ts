/**
 * `openaether` against the same steps typed by hand, on a simulated Scaleway with 3+2 nodes, in
 * interleaved rounds; what is compared is the median. A whole `up` at most 1.25 times the README's
 * lines for synth, init, plan and apply; one that finds nothing to do at most 1.3 times synth and plan; `status` at most 1.2
 * times `tofu show -json`; `--help` below 0.3 s; the largest process of ours below 200 MiB.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sshKeyPair } from "../simulator/utility/ssh-key-pair";
import { SimulatorProcess } from "../simulator/process";
import { freePort, simulatedBastion } from "../src/cli/rehearse/tunnel";
import { findTofu } from "../src/tofu/binary";

const root = join(__dirname, "..", "..");
const rounds = Number(process.argv[2] ?? 5);
const name = "bench";

/** A user's directory, and a simulated cloud of its own. */
class Workspace {
  readonly home = mkdtempSync(join(tmpdir(), "bench-"));
  private simulator!: SimulatorProcess;
  private port = 0;

  private constructor(private readonly tofuPath: string) {}

  static async create(tofuPath: string): Promise<Workspace> {
    const workspace = new Workspace(tofuPath);
    workspace.port = await freePort();
    workspace.simulator = await SimulatorProcess.start({
      directory: join(workspace.home, "cloud"),
      cloud: "scaleway",
      cloudOptions: { quotas: "verified", images: [{ name: "talos-v1.13.9" }] },
      tofuDirectory: workspace.stack,
    });
    const key = sshKeyPair();
    const file = (path: string, text: string) => {
      writeFileSync(join(workspace.home, path), text, { mode: 0o600 });
    };
    file("key", key.private);
    file("ssh_config", `${simulatedBastion(workspace.simulator.ready.bastionPort).join("\n")}\n`);
    file("tofu.tfvars", input(key.public));
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

interface Figures {
  readonly seconds: number;
  /** The largest resident set of a Node process that ran. */
  readonly mebibytes: number;
}

function peakIn(file: string): number {
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

const total = (...all: Figures[]) => all.reduce((sum, { seconds }) => sum + seconds, 0);
const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

async function main(): Promise<void> {
  const tofu = await findTofu({ environment: process.env, progress: console.error });
  const times = new Map<string, number[]>();
  const take = (what: string, seconds: number) => {
    times.set(what, [...(times.get(what) ?? []), seconds]);
  };
  let mebibytes = 0;
  const ours = (what: string, figures: Figures) => {
    take(what, figures.seconds);
    mebibytes = Math.max(mebibytes, figures.mebibytes);
  };
  for (let round = 0; round < rounds; round++) {
    const workspaces = [
      await Workspace.create(tofu.path),
      await Workspace.create(tofu.path),
    ] as const;
    const [workspace, byHand] = workspaces;
    try {
      const file = `-var-file=${join(byHand.home, "tofu.tfvars")}`;
      const hand = (): [Figures, ...Figures[]] => [
        byHand.typedSynth(),
        byHand.tofu("init"),
        byHand.tofu("plan", file, "-out=plan"),
        byHand.tofu("apply", "plan"),
      ];
      const typed = () => {
        const [synth, ...rest] = hand();
        take("by hand", total(synth, ...rest));
        // A second run overwrites what the first wrote.
        take("bare", total(byHand.synth(), ...rest));
      };
      // The second one finds a warmer machine.
      if (round % 2 === 0) typed();
      ours("up", workspace.openaether("up", "--yes"));
      if (round % 2 === 1) typed();
      for (let again = 0; again < 3; again++) {
        const unchanged = `-var-file=${join(workspace.home, "tofu.tfvars")}`;
        ours("up again", workspace.openaether("up", "--yes"));
        take("synth and plan", total(workspace.synth(), workspace.tofu("plan", unchanged)));
        ours("status", workspace.openaether("status"));
        take("show", workspace.tofu("show", "-json").seconds);
        ours("help", workspace.openaether("--help"));
      }
    } finally {
      for (const one of workspaces) await one.end();
    }
  }
  const of = (what: string) => median(times.get(what) ?? []);
  const compare = (what: string, floor: string, most: number) => {
    const figures = `${of(what).toFixed(2)} s against ${of(floor).toFixed(2)} s`;
    console.log(
      `${what.padEnd(9)} ${(of(what) / of(floor)).toFixed(2)} times ${floor} (at most ${most}): ${figures}`,
    );
  };
  compare("up", "by hand", 1.25);
  console.log(`          by hand without npm: ${of("bare").toFixed(2)} s`);
  compare("up again", "synth and plan", 1.3);
  compare("status", "show", 1.2);
  console.log(`--help    ${of("help").toFixed(2)} s (below 0.3)`);
  console.log(`memory    ${mebibytes.toFixed(0)} MiB at most (below 200)`);
}

void main();
