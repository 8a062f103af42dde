import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import type { DeepOptions, DeepStatus, RunningProgram } from "../../simulator/runtime/deep-options";
import type { TestCloud } from "../support/clouds";
import { TestCluster } from "../support/cluster";
import { realPrograms, type TestPrograms } from "../support/real-programs";

const run = promisify(execFile);

/** The administrator of the test clusters: `admin_ip`. */
const clientAddress = "203.0.113.7";

export interface TestOptions extends DeepOptions {
  /**
   * Minors of Kubernetes that are not built, each with the one whose programs run in their place: "1.35".
   * Its images and its kubelets still say the older minor.
   */
  readonly standIns: Readonly<Record<string, string>>;
}

/** A cluster with real programs on its nodes. */
export class DeepCluster {
  private constructor(
    readonly cluster: TestCluster,
    readonly programs: TestPrograms,
  ) {}

  static async create(
    cloud: TestCloud,
    nodes: object,
    { standIns = {}, ...options }: Partial<TestOptions> = {},
    changes: object = {},
  ): Promise<DeepCluster> {
    const programs = await realPrograms();
    const { etcd, kubernetes: built } = programs;
    const others = Object.entries(standIns).map(([minor, other]) => [minor, built[other]]);
    const kubernetes = { ...built, ...Object.fromEntries(others) };
    const deep = { programs: { etcd, kubernetes }, clientAddress, ...options };
    return new DeepCluster(await TestCluster.create(cloud, nodes, changes, deep), programs);
  }

  status(): Promise<DeepStatus> {
    return this.cluster.simulator.deep();
  }

  /** Resolves when the programs are as they should be. */
  async until(
    description: string,
    isSo: (status: DeepStatus) => boolean | Promise<boolean>,
    seconds = 120,
  ): Promise<DeepStatus> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const status = await this.status();
      if (await isSo(status)) return status;
      if (Date.now() > end) throw new Error(`not ${description}: ${JSON.stringify(status)}`);
      await delay(100);
    }
  }

  /** Resolves when something is so that no simulator reports. */
  async settled(isSo: () => boolean, seconds = 30): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (!isSo()) {
      if (Date.now() > end) throw new Error("it did not come to that");
      await delay(50);
    }
  }

  /** Runs kubectl through the load balancer, as the administrator does. */
  async kubectl(...args: string[]): Promise<string> {
    const { listeners } = await this.status();
    const kubeconfig = parse(this.cluster.read("kubeconfig.simulated"));
    const { cluster } = kubeconfig.clusters[0];
    cluster["tls-server-name"] = new URL(cluster.server).hostname;
    cluster.server = `https://127.0.0.1:${listeners[0]?.localPort}`;
    const file = join(this.cluster.home, "kubeconfig.deep");
    writeFileSync(file, stringify(kubeconfig), { mode: 0o600 });
    const { stdout } = await run(this.programs.kubectl, [`--kubeconfig=${file}`, ...args], {
      timeout: 30_000,
      env: { PATH: process.env.PATH, HOME: this.cluster.home },
    });
    return stdout;
  }

  /** Whether kubectl succeeds. */
  async answers(...args: string[]): Promise<boolean> {
    return this.kubectl(...args).then(
      () => true,
      () => false,
    );
  }

  /** Creates objects. */
  async create(objects: readonly object[]): Promise<void> {
    const file = join(this.cluster.home, "objects.json");
    const list = { apiVersion: "v1", kind: "List", items: objects };
    writeFileSync(file, JSON.stringify(list), { mode: 0o600 });
    await this.kubectl("create", `--filename=${file}`);
  }

  /** Runs talosctl for a node through the tunnel, which must be open. */
  talosctl(node: string, ...args: string[]): Promise<string> {
    return this.talosctlWith("talosconfig.simulated", node, ...args);
  }

  /** The same with another talosconfig of the cluster's directory. */
  async talosctlWith(name: string, node: string, ...args: string[]): Promise<string> {
    const file = join(this.cluster.home, name);
    const { stdout } = await run(
      this.programs.talosctl,
      [`--talosconfig=${file}`, `--nodes=${node}`, ...args],
      { timeout: 180_000, env: { PATH: process.env.PATH, HOME: this.cluster.home } },
    );
    return stdout;
  }

  /** Changes a machine in the cloud's own objects, as the cloud itself may do. */
  async change(name: string, values: object): Promise<void> {
    const { kind, id } = await this.machine(name);
    await this.cluster.simulator.change(kind, id, values);
  }

  /** Destroys a machine as a user does in the console. */
  async remove(name: string): Promise<void> {
    const { kind, id } = await this.machine(name);
    await this.cluster.simulator.remove(kind, id);
  }

  /** The bytes of a node's etcd, as they are on its disk. */
  async storedBytes(name: string): Promise<Buffer> {
    const { id } = await this.machine(name);
    const disk = join(this.cluster.home, "cloud", "disks", id.replaceAll(/[^\w.-]/g, "_"));
    return Buffer.concat(filesBelow(disk).map((file) => readFileSync(file)));
  }

  /** Cuts a machine's power, and gives it back after a change of what it boots from. */
  async restart(name: string, edit: (userData: string) => string): Promise<void> {
    const { object } = await this.machine(name);
    const { firstBoot } = object as { firstBoot: { userData: string } };
    await this.change(name, { state: "stopped" });
    await this.change(name, {
      state: "started",
      firstBoot: { ...firstBoot, userData: edit(firstBoot.userData) },
    });
  }

  private async machine(name: string): Promise<{ kind: string; id: string; object: object }> {
    const kind = this.cluster.cloud.types.server;
    const { list } = await this.cluster.simulator.objects();
    const found = Object.entries(list[kind] ?? {}).find(([, one]) =>
      JSON.stringify(one).includes(`"${name}"`),
    );
    if (found === undefined) throw new Error(`there is no machine ${name}`);
    const [id, object] = found;
    return { kind, id, object };
  }

  end(): Promise<void> {
    return this.cluster.end();
  }
}

/** Healthy programs of one kind. */
export function healthy({ programs }: DeepStatus, program: string): RunningProgram[] {
  return programs.filter((one) => one.program === program && one.healthy);
}

/** Backends that the API's load balancer uses: "172.16.4.4:6443". */
export function used({ listeners }: DeepStatus): string[] {
  const backends = listeners.flatMap((listener) => listener.backends);
  return backends.filter(({ isUp }) => isUp).map(({ address }) => address);
}

/** Whether so many control planes answer, all of them behind the load balancer. */
export function answers(count: number): (status: DeepStatus) => boolean {
  return (status) =>
    used(status).length === count && healthy(status, "kube-apiserver").length === count;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}
