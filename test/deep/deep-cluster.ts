import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
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

/** A cluster with real programs on its nodes. */
export class DeepCluster {
  private constructor(
    readonly cluster: TestCluster,
    readonly programs: TestPrograms,
  ) {}

  static async create(
    cloud: TestCloud,
    nodes: object,
    options: Partial<DeepOptions> = {},
  ): Promise<DeepCluster> {
    const programs = await realPrograms();
    const { etcd, kubernetes } = programs;
    const deep = { programs: { etcd, kubernetes }, clientAddress, ...options };
    return new DeepCluster(await TestCluster.create(cloud, nodes, {}, deep), programs);
  }

  status(): Promise<DeepStatus> {
    return this.cluster.simulator.deep();
  }

  /** Resolves when the programs are as they should be. */
  async until(
    description: string,
    isSo: (status: DeepStatus) => boolean | Promise<boolean>,
    seconds = 60,
  ): Promise<DeepStatus> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const status = await this.status();
      if (await isSo(status)) return status;
      if (Date.now() > end) throw new Error(`not ${description}: ${JSON.stringify(status)}`);
      await delay(100);
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
      env: { HOME: this.cluster.home },
    });
    return stdout;
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
