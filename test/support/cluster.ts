import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault } from "../../simulator/faults";
import type { SimulatorProcess } from "../../simulator/process";
import type { DeepOptions } from "../../simulator/runtime/deep-options";
import { stopAtTunnel } from "./stop-at-tunnel";
import { freePort, simulatedBastion, Tunnel } from "../../src/cli/rehearse/tunnel";
import { type Synthesized, synthesize } from "../../src/synth";
import { readEvents, type TofuEvents } from "../../src/tofu/events";
import { runTofu, type TofuResult } from "../../src/tofu/process";
import type { PlannedAddress, TestCloud } from "./clouds";
import { startSimulator } from "./simulator";
import { tofuBinary } from "./tofu";
import { sshKeyPair } from "../../simulator/utility/ssh-key-pair";

/** A user's directory with a tofu.tfvars, the real tofu, and a simulated cloud. */
export class TestCluster {
  readonly home = mkdtempSync(join(tmpdir(), "cluster-"));
  private readonly key = sshKeyPair();
  private tunnel: Tunnel | undefined;
  private input: Record<string, unknown>;
  /** Whether ssh finds the key that belongs to the bastion. */
  mayLogIn = true;
  /** The running process, to send it signals. */
  tofuProcess: number | undefined;

  private constructor(
    readonly cloud: TestCloud,
    nodes: object,
    readonly tunnelPort: number,
    private readonly deep: DeepOptions | undefined,
  ) {
    writeFileSync(join(this.home, "key"), this.key.private, { mode: 0o600 });
    const other = sshKeyPair().private;
    writeFileSync(join(this.home, "other-key"), other, { mode: 0o600 });
    this.input = {
      cluster_name: "demo",
      admin_ip: "203.0.113.7",
      bastion_ssh_keys: { [cloud.name]: this.key.public },
      node_distribution: { [cloud.name]: nodes },
    };
  }

  simulator!: SimulatorProcess;
  synthesized!: Synthesized;

  /** @param deep Real programs on the nodes. @default - none */
  static async create(
    cloud: TestCloud,
    nodes: object,
    changes: object = {},
    deep?: DeepOptions,
  ): Promise<TestCluster> {
    const cluster = new TestCluster(cloud, nodes, await freePort(), deep);
    await cluster.synth(changes);
    await cluster.startSimulator();
    return cluster;
  }

  async startSimulator(): Promise<void> {
    this.simulator = await startSimulator({
      directory: join(this.home, "cloud"),
      cloud: this.cloud.name,
      cloudOptions: this.cloud.account,
      tofuDirectory: this.synthesized.stackDirectory,
      deep: this.deep,
    });
    const configuration = simulatedBastion(this.simulator.ready.bastionPort);
    writeFileSync(join(this.home, "ssh_config"), `${configuration.join("\n")}\n`);
  }

  /** Writes the input with these variables changed, and synthesizes it. */
  async synth(changes: object = {}): Promise<void> {
    this.edit(changes);
    this.synthesized = await synthesize({ directory: this.home, environment: {} });
  }

  /** Changes the input without a synth. */
  edit(changes: object): void {
    this.input = { ...this.input, ...changes };
    writeFileSync(join(this.home, "tofu.tfvars.json"), JSON.stringify(this.input, undefined, 2));
  }

  get stackDirectory(): string {
    return this.synthesized.stackDirectory;
  }

  tofu(...args: string[]): Promise<TofuResult> {
    return runTofu(tofuBinary(), args, {
      stackDirectory: this.stackDirectory,
      reattach: this.simulator.reattachProviders,
      environment: {
        OPENAETHER_SSH_CONFIG: join(this.home, "ssh_config"),
        OPENAETHER_SSH_KEY: join(this.home, this.mayLogIn ? "key" : "other-key"),
        OPENAETHER_SSH_WAIT: "20",
      },
      onStart: (processId) => {
        this.tofuProcess = processId;
      },
    });
  }

  get variables(): string[] {
    return [
      `-var-file=${join(this.home, "tofu.tfvars.json")}`,
      `-var=tunnel_port=${this.tunnelPort}`,
    ];
  }

  async init(): Promise<void> {
    const { code, output } = await this.tofu("init");
    if (code !== 0) throw new Error(output);
  }

  apply(...args: string[]): Promise<TofuResult> {
    return this.tofu("apply", "-json", "-auto-approve", ...this.variables, ...args);
  }

  destroy(): Promise<TofuResult> {
    return this.apply("-destroy");
  }

  /** Creates everything up to the kubeconfig, in one apply. */
  async up(): Promise<void> {
    await this.init();
    await this.applied();
  }

  /** An apply that must succeed. */
  async applied(...args: string[]): Promise<TofuEvents> {
    return must(await this.apply(...args));
  }

  async destroyed(): Promise<TofuEvents> {
    return must(await this.destroy());
  }

  async openTunnel(events: TofuEvents): Promise<void> {
    const stop = stopAtTunnel(events);
    if (stop === undefined) throw new Error(`no stop at the tunnel: ${JSON.stringify(events)}`);
    await this.forward(stop);
  }

  /** Opens the tunnel that talosconfig.simulated expects, to the Talos API of a node. */
  async openTunnelTo(address: string): Promise<void> {
    this.closeTunnel();
    await this.forward({
      forward: `${this.tunnelPort}:${address}:50000`,
      login: `ubuntu@${this.bastionAddress}`,
    });
  }

  private async forward(line: { readonly forward: string; readonly login: string }): Promise<void> {
    this.tunnel = await Tunnel.open({
      directory: this.home,
      keyFile: join(this.home, "key"),
      knownHosts: join(this.home, "known_hosts.simulated"),
      forward: line.forward,
      login: line.login,
      bastionPort: this.simulator.ready.bastionPort,
      port: this.tunnelPort,
    });
  }

  closeTunnel(): void {
    this.tunnel?.close();
  }

  /** Lets code of this process log in to the simulated bastion. */
  useSsh(): void {
    process.env["OPENAETHER_SSH_CONFIG"] = join(this.home, "ssh_config");
    process.env["OPENAETHER_SSH_KEY"] = join(this.home, "key");
  }

  /** Everything a plan would change, without data sources, sorted. */
  async planned(...args: string[]): Promise<PlannedAddress[]> {
    const plan = await this.tofu("plan", "-out=plan", ...this.variables, ...args);
    if (plan.code !== 0) throw new Error(plan.output);
    const shown = await this.tofu("show", "-json", "plan");
    const { resource_changes: changes = [] } = JSON.parse(shown.output) as {
      resource_changes?: { address: string; mode: string; change: { actions: string[] } }[];
    };
    return changes
      .filter(({ mode, change }) => mode === "managed" && change.actions[0] !== "no-op")
      .map(({ address, change }) => ({ address, action: change.actions.join("+") }))
      .sort((a, b) => a.address.localeCompare(b.address));
  }

  /** Objects of the cloud itself, by kind, without the account's images. */
  async cloudObjects(): Promise<Record<string, number>> {
    const { counts } = await this.simulator.objects();
    return Object.fromEntries(
      Object.entries(counts).filter(
        ([kind]) => this.cloud.ofCluster.test(kind) && !this.cloud.accountKinds.includes(kind),
      ),
    );
  }

  /** Addresses of managed resources in the state. */
  async stateList(): Promise<string[]> {
    const { output } = await this.tofu("state", "list");
    return output.split("\n").filter((line) => line !== "" && !line.startsWith("data."));
  }

  async outputs(): Promise<Record<string, { value: unknown; sensitive: boolean }>> {
    const { output } = await this.tofu("output", "-json");
    return JSON.parse(output) as Record<string, { value: unknown; sensitive: boolean }>;
  }

  /** The attributes of one resource, as the state has them. */
  attributes(address: string): Record<string, unknown> {
    const [type, name] = address.split(".");
    const state = JSON.parse(readFileSync(join(this.home, "cluster.tfstate"), "utf8")) as {
      resources: {
        type: string;
        name: string;
        instances: { attributes: Record<string, unknown> }[];
      }[];
    };
    const found = state.resources.find((one) => one.type === type && one.name === name);
    return found?.instances[0]?.attributes ?? {};
  }

  get apiAddress(): string {
    return this.attribute(this.cloud.apiAddress);
  }

  get bastionAddress(): string {
    return this.attribute(this.cloud.bastionAddress);
  }

  private attribute([address, name]: readonly [string, string]): string {
    return String(this.attributes(address)[name]);
  }

  read(name: string): string {
    return readFileSync(join(this.home, name), "utf8");
  }

  mode(name: string): string {
    return (statSync(join(this.home, name)).mode & 0o777).toString(8);
  }

  faults(...faults: Fault[]): Promise<void> {
    return this.simulator.faults(faults);
  }

  async end(): Promise<void> {
    this.closeTunnel();
    await this.simulator.stop();
    rmSync(this.home, { recursive: true, force: true });
  }
}

function must(result: TofuResult): TofuEvents {
  if (result.code !== 0) throw new Error(result.output);
  return readEvents(result.output);
}

/** A message of tofu as one line, without its frame and line breaks. */
export function plain(output: string): string {
  return output.replaceAll(/\s*\n[│\s]*/g, " ");
}
