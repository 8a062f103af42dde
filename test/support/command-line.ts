import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault } from "../../simulator/faults";
import type { SimulatorProcess } from "../../simulator/process";
import { freePort, simulatedBastion } from "../../src/cli/rehearse/tunnel";
import { shortLivedTofu } from "../../src/tofu/process";
import type { TestCloud } from "./clouds";
import { objectsOfClusters, startSimulator } from "./simulator";
import { tofuBinary } from "./tofu";
import { sshKeyPair } from "../../simulator/utility/ssh-key-pair";

const root = join(__dirname, "..", "..");

/** What a command printed, and its exit. */
export interface Result {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A running command. */
export class Running {
  output = "";
  errors = "";
  readonly ended: Promise<Result>;

  constructor(readonly child: ChildProcess) {
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.errors += text));
    this.ended = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        resolve({ code, output: this.output, errors: this.errors });
      });
    });
  }

  get isOver(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The tofu that it has started, by process id. */
  get tofu(): number {
    const [found] = children(this.pid).filter(({ args }) => args.startsWith(tofuBinary()));
    if (found === undefined) throw new Error("no tofu runs");
    return found.pid;
  }
}

/** A user's directory with a tofu.tfvars, a simulated cloud, and the command line as a process of its own. */
export class User {
  private readonly key = sshKeyPair();
  private input: Record<string, unknown>;
  simulator!: SimulatorProcess;
  /** What its environment has besides. */
  variables: Readonly<Record<string, string>> = {};
  /** Of the state, in the environment. @default - none */
  passphrase: string | undefined;

  private constructor(
    readonly cloud: TestCloud,
    nodes: object,
    readonly tunnelPort: number,
    readonly home: string,
  ) {
    writeFileSync(join(this.home, "key"), this.key.private, { mode: 0o600 });
    this.input = {
      cluster_name: "demo",
      admin_ip: "203.0.113.7",
      bastion_ssh_keys: { [cloud.name]: this.key.public },
      node_distribution: { [cloud.name]: nodes },
    };
    this.edit({});
  }

  /** @param home The directory to create for it. @default - a temporary one */
  static async in(
    cloud: TestCloud,
    nodes: object = cloud.single,
    home: string = mkdtempSync(join(tmpdir(), "person-")),
  ): Promise<User> {
    mkdirSync(home, { recursive: true });
    const user = new User(cloud, nodes, await freePort(), home);
    await user.startSimulator();
    return user;
  }

  async startSimulator(): Promise<void> {
    this.simulator = await startSimulator({
      directory: join(this.home, "cloud"),
      cloud: this.cloud.name,
      cloudOptions: this.cloud.account,
      tofuDirectory: this.stackDirectory,
    });
    const configuration = simulatedBastion(this.simulator.ready.bastionPort);
    writeFileSync(join(this.home, "ssh_config"), `${configuration.join("\n")}\n`);
  }

  get stackDirectory(): string {
    return join(this.home, "cdktf.out", "stacks", "demo");
  }

  /** Changes variables of the input. */
  edit(changes: object): void {
    this.input = { ...this.input, ...changes };
    writeFileSync(join(this.home, "tofu.tfvars.json"), JSON.stringify(this.input, undefined, 2));
  }

  nodes(nodes: object): void {
    this.edit({ node_distribution: { [this.cloud.name]: nodes } });
  }

  get environment(): Record<string, string> {
    return {
      PATH: process.env["PATH"] ?? "",
      HOME: this.home,
      TMPDIR: tmpdir(),
      TOFU_BIN: tofuBinary(),
      TF_CLI_CONFIG_FILE: "/dev/null",
      ...shortLivedTofu,
      TF_REATTACH_PROVIDERS: this.simulator.reattachProviders,
      TF_VAR_tunnel_port: String(this.tunnelPort),
      OPENAETHER_SSH_CONFIG: join(this.home, "ssh_config"),
      OPENAETHER_SSH_KEY: join(this.home, "key"),
      OPENAETHER_SSH_WAIT: "20",
      ...this.variables,
      ...(this.passphrase === undefined ? {} : { TF_VAR_state_passphrase: this.passphrase }),
    };
  }

  /** Starts `openaether …` in the directory, without a terminal. */
  start(args: readonly string[], environment: Record<string, string | undefined> = {}): Running {
    return new Running(
      spawn(join(root, "openaether"), args, {
        cwd: this.home,
        env: { ...this.environment, ...environment },
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
  }

  openaether(...args: string[]): Promise<Result> {
    return this.start(args).ended;
  }

  /** A command that must succeed. */
  async done(...args: string[]): Promise<string> {
    const { code, output, errors } = await this.openaether(...args);
    if (code !== 0) throw new Error(`openaether ${args.join(" ")}: ${code}\n${output}\n${errors}`);
    return output;
  }

  /** Runs tofu by hand. */
  tofu(...args: string[]): string {
    return execFileSync(tofuBinary(), [`-chdir=${this.stackDirectory}`, ...args], {
      encoding: "utf8",
      env: this.environment,
    });
  }

  /** Addresses of managed resources in the state. */
  stateList(): string[] {
    return this.tofu("state", "list")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("data."));
  }

  /**
   * Managed resources in the state file, also while tofu is running: each with its direct and
   * indirect dependencies.
   */
  savedState(): Map<string, readonly string[]> {
    const text = this.read("cluster.tfstate");
    const inClear =
      this.passphrase === undefined || text === "" ? text : this.tofu("state", "pull");
    const { resources } = parsed(inClear) ?? { resources: [] };
    return new Map(
      resources
        .filter(({ mode }) => mode === "managed")
        .map(({ type, name, instances }) => [
          `${type}.${name}`,
          instances.flatMap(({ dependencies = [] }) => dependencies),
        ]),
    );
  }

  /** Objects of the cloud itself, by kind, without the account's images. */
  async cloudObjects(): Promise<Record<string, number>> {
    return objectsOfClusters(this.simulator, this.cloud);
  }

  faults(...faults: Fault[]): Promise<void> {
    return this.simulator.faults(faults);
  }

  has(name: string): boolean {
    return existsSync(join(this.home, name));
  }

  read(name: string): string {
    return readFileSync(join(this.home, name), "utf8");
  }

  write(name: string, text: string, mode = 0o600): void {
    writeFileSync(join(this.home, name), text, { mode });
  }

  remove(name: string): void {
    rmSync(join(this.home, name), { recursive: true, force: true });
  }

  /** Overwrites an existing file, which keeps its mode. */
  copy(name: string, to: string): void {
    copyFileSync(join(this.home, name), join(this.home, to));
  }

  mode(name: string): string {
    return (statSync(join(this.home, name)).mode & 0o777).toString(8);
  }

  async end(): Promise<void> {
    await this.simulator.stop();
    rmSync(this.home, { recursive: true, force: true });
  }
}

interface StateFile {
  readonly resources: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly dependencies?: readonly string[] }[];
  }[];
}

/** Undefined while it is being written. */
function parsed(text: string): StateFile | undefined {
  try {
    return JSON.parse(text) as StateFile;
  } catch {
    return undefined;
  }
}

/** The running children of a process. */
function children(parent: number): { pid: number; args: string }[] {
  return execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .flatMap((line) => {
      const [, pid, ppid, args = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return Number(ppid) === parent ? [{ pid: Number(pid), args }] : [];
    });
}
