import { join } from "node:path";
import type { KeyAndCertificate } from "../../pki/certificates";
import type { MachineConfiguration } from "../../talos/configuration/machine-configuration";
import type { TalosNode } from "../../talos/nodes/node";
import type { NodeEtcd } from "../etcd/node-etcd";
import { machineDirectory, writePrivately } from "../files";
import type { Host } from "../host";
import type { StaticProgram } from "../kubelet/static-pods";
import type { Launch } from "../launch";
import { Egress } from "../network/egress";
import { freePort } from "../network/loopback";
import { NotStartable, Program } from "../program";
import {
  controlPlaneFiles,
  egressSelector,
  programKubeconfig,
  schedulerConfiguration,
} from "./files";
import { apiServerFlags, controllerManagerFlags, schedulerFlags } from "./flags";
import { probe } from "./probe";

/** The programs of a control plane, by Talos's name for their configuration. */
export type Component = "apiServer" | "controllerManager" | "scheduler";

/** Their executables, in the order in which they start. */
export const EXECUTABLES: Readonly<Record<Component, string>> = {
  apiServer: "kube-apiserver",
  controllerManager: "kube-controller-manager",
  scheduler: "kube-scheduler",
};
const COMPONENTS = Object.keys(EXECUTABLES) as Component[];

/** What the API server reaches through its egress, not through the environment's proxy. */
const IN_CLUSTER = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,.svc";

interface Running {
  readonly program: Program;
  /** What it was started with: it is started again when that changes. */
  readonly version: string;
}

/** The Kubernetes programs of one control plane. */
export class NodeKubernetes {
  /** Whom the API server on this node takes for a cluster administrator; undefined before its first start. */
  administrator: KeyAndCertificate | undefined;
  private readonly directory: string;
  private readonly running = new Map<Component, Running>();
  /** Where each listens, or did when it last ran: it comes back there if it can. */
  private readonly ports = new Map<Component, number>();
  private prepared: Promise<void> | undefined;
  private egress: Egress | undefined;
  private readonly ending = new Map<Program, Promise<void>>();

  constructor(
    private readonly host: Host,
    /** As it was last seen. */
    public node: TalosNode,
    private readonly etcd: NodeEtcd,
  ) {
    this.directory = machineDirectory(join(host.guard.directory, "kubernetes"), node.id);
  }

  program(component: Component): Program | undefined {
    return this.running.get(component)?.program;
  }

  /** What a static pod shows of its program; undefined while it is not to run. */
  staticProgram(component: Component): StaticProgram | undefined {
    const running = this.running.get(component);
    if (running === undefined) return undefined;
    const { isHealthy, status, pid } = running.program;
    const [configVersion = ""] = running.version.split(" ");
    return { isHealthy, since: status.since, pid, configVersion };
  }

  /** Where it listens on 127.0.0.1; undefined while it does not run. */
  portOf(component: Component): number | undefined {
    return this.program(component)?.pid === undefined ? undefined : this.ports.get(component);
  }

  /**
   * Starts the API server once etcd is healthy, the others once the API server answers; each again
   * when its part of the configuration has changed.
   */
  run(): void {
    const { configuration } = this.node;
    if (configuration === undefined) return;
    for (const component of COMPONENTS) {
      const version = this.versionOf(component);
      const known = this.running.get(component);
      if (known !== undefined && known.version !== version) this.end(component, false);
      if (!this.running.has(component) && this.mayStart(component, configuration)) {
        this.start(component, version);
      }
    }
  }

  async stop(abruptly: boolean): Promise<void> {
    this.egress?.close();
    for (const component of COMPONENTS) this.end(component, abruptly);
    if (abruptly) for (const program of this.ending.keys()) void program.stop(true);
    await Promise.all(this.ending.values());
  }

  private mayStart(component: Component, configuration: MachineConfiguration): boolean {
    if (component === "apiServer") return this.etcd.isHealthy;
    if (!this.host.controllers || configuration.component(component).isDisabled) return false;
    return this.program("apiServer")?.isHealthy ?? false;
  }

  /** The others find the API server by its port, and it etcd; each trusts the same CAs. */
  private versionOf(component: Component): string {
    const port = component === "apiServer" ? this.etcd.ports?.client : this.ports.get("apiServer");
    const authorities = this.node.configuration?.kubernetesAuthorities.join("\n") ?? "";
    return `${this.node.resourceVersion(component)} ${port} ${authorities}`;
  }

  private start(component: Component, version: string): void {
    if (component === "apiServer") this.prepared = undefined;
    const program = new Program(this.host.guard, {
      name: `${EXECUTABLES[component]} of ${this.node.hostname}`,
      output: join(this.directory, `${EXECUTABLES[component]}.log`),
      prepare: () => this.prepare(component),
      check: () => this.check(component),
      died: this.host.died,
      changed: this.host.changed,
    });
    this.running.set(component, { version, program });
  }

  private end(component: Component, abruptly: boolean): void {
    const known = this.running.get(component);
    if (known === undefined) return;
    this.running.delete(component);
    const { program } = known;
    const ended = program.stop(abruptly).finally(() => this.ending.delete(program));
    this.ending.set(program, ended);
  }

  private async prepare(component: Component): Promise<Launch> {
    const { configuration } = this.node;
    if (configuration === undefined) throw new Error("the node has no configuration");
    const executable = this.executable(configuration, component);
    await (this.prepared ??= this.writeFiles(configuration));
    const port = await freePort(this.ports.get(component));
    this.ports.set(component, port);
    const flags = await this.flags(component, configuration, port);
    return {
      command: [executable, ...flags],
      directory: this.directory,
      environment: {
        ...this.host.network.environment(this.node.address),
        ...(component === "apiServer" && { NO_PROXY: IN_CLUSTER }),
      },
    };
  }

  private async flags(
    component: Component,
    configuration: MachineConfiguration,
    port: number,
  ): Promise<string[]> {
    const api = this.ports.get("apiServer") ?? 0;
    switch (component) {
      case "apiServer":
        return apiServerFlags(this.node, configuration, {
          own: port,
          etcd: this.etcd.ports?.client ?? 0,
        });
      case "controllerManager":
        await writePrivately(this.directory, {
          "controller-manager.kubeconfig": programKubeconfig("controller-manager", api),
        });
        return controllerManagerFlags(configuration, port, this.host.heartbeat);
      case "scheduler":
        await writePrivately(this.directory, {
          "scheduler.kubeconfig": programKubeconfig("scheduler", api),
          "scheduler.yaml": schedulerConfiguration(configuration),
        });
        return schedulerFlags(configuration, port);
    }
  }

  private async writeFiles(configuration: MachineConfiguration): Promise<void> {
    const etcd = await this.etcd.issued();
    const { files, administrator, server } = await controlPlaneFiles(
      this.node,
      configuration,
      etcd,
    );
    this.egress?.close();
    this.egress = await Egress.start(
      {
        authority: configuration.kubernetesAuthorities.join("\n"),
        certificate: server.certificate,
        key: server.key,
      },
      (address, port) => this.host.network.connect(address, port, this.node.address),
    );
    const egress = { "egress-selector.yaml": egressSelector(this.egress.port) };
    await writePrivately(this.directory, { ...files, ...egress });
    this.administrator = administrator;
  }

  private executable(configuration: MachineConfiguration, component: Component): string {
    const { version } = configuration.component(component);
    const { kubernetes } = this.host.programs;
    const found = kubernetes[version.split(".").slice(0, 2).join(".")];
    if (found !== undefined) return found[component];
    const known = Object.keys(kubernetes).join(", ");
    throw new NotStartable(
      `${EXECUTABLES[component]} ${version}: there is only Kubernetes ${known}`,
    );
  }

  private async check(component: Component): Promise<string | undefined> {
    const port = this.portOf(component);
    const { administrator } = this;
    if (port === undefined || administrator === undefined) return "it has not been started";
    return probe(port, component === "apiServer" ? "/readyz" : "/healthz", administrator);
  }
}
