import type { Duplex } from "node:stream";

import type { TalosNode } from "../../talos/nodes/node";
import type { ServiceStatus } from "../../talos/nodes/node-runtime";
import { BootstrapManifests } from "../manifests/bootstrap-manifests";
import {
  type Authorities,
  authoritiesOf,
  kubeletCredentials,
  talosCredentials,
} from "./credentials";
import { Kubelet } from "./kubelet";
import { KubeletServer } from "./kubelet-server";
import { textOf } from "./api-error";
import type { Dial } from "./dial-agent";
import type { ProgramOf } from "./mirror-pods";

export interface KubeletsOptions {
  /**
   * A connection from a node to a port of an address of the private network, as firewalls between
   * them admit it.
   *
   * @throws Error when there is none
   */
  readonly connect: (from: TalosNode, address: string, port: number) => Promise<Duplex>;
  /** A control plane's program, once it runs. */
  readonly programOf: ProgramOf;
  /** Lines that the node logs. */
  readonly log: (node: TalosNode, line: string) => void;
  /** Milliseconds between a kubelet's heartbeats. @default 10 000, as Kubernetes's */
  readonly heartbeat?: number;
}

interface Running {
  /** Of the start of the machine that it belongs to. */
  readonly boot: string;
  /** Those of its certificates. */
  authorities: Authorities;
  /** undefined until its certificate is issued. */
  kubelet?: Kubelet;
  node: TalosNode;
  readonly server: KubeletServer;
  isStopped: boolean;
}

/** The manifests that a control plane applies, with certificates of these authorities. */
interface Applying {
  readonly manifests: BootstrapManifests;
  readonly authorities: Authorities;
}

const API_SERVER_PORT = 6443;

/** The kubelets of all nodes, and the manifests that their control planes apply. */
export class Kubelets {
  private readonly running = new Map<string, Running>();
  /** By the cluster's id. */
  private readonly manifests = new Map<string, Applying>();
  /** Machines with a CNI's configuration on their disk. */
  private readonly connected = new Set<string>();
  private nodes: readonly TalosNode[] = [];

  constructor(private readonly options: KubeletsOptions) {}

  /** Starts, updates and stops kubelets by what the nodes are now; returns at once. */
  observe(nodes: readonly TalosNode[]): void {
    this.nodes = nodes;
    const living = new Map(nodes.filter(runsKubelet).map((node) => [node.id, node]));
    for (const [id, running] of this.running) {
      const node = living.get(id);
      if (node?.bootId !== running.boot) this.stop(id, running);
    }
    for (const id of this.connected) {
      if (!nodes.some((node) => node.id === id)) this.connected.delete(id);
    }
    for (const node of living.values()) {
      const running = this.running.get(node.id);
      if (!running) {
        this.start(node);
        continue;
      }
      running.node = node;
      running.kubelet?.update(node);
      this.renew(running);
    }
    this.observeManifests([...living.values()]);
  }

  /** A program of a control plane began to answer, or stopped. */
  programsChanged(): void {
    this.observeManifests(this.nodes.filter(runsKubelet));
  }

  /** Talos's service "kubelet" of a node. */
  service(node: TalosNode): ServiceStatus {
    const kubelet = this.running.get(node.id)?.kubelet;
    if (!kubelet) {
      const since = node.record.since;
      return { state: "Preparing", healthy: false, message: "", since };
    }
    return { state: "Running", healthy: true, message: "", since: kubelet.status.since };
  }

  /** Cordons a node that is about to go down, until its next boot, and evicts its pods. */
  async drain(node: TalosNode, signal: AbortSignal): Promise<void> {
    const kubelet = this.running.get(node.id)?.kubelet;
    kubelet?.cordon(true);
    try {
      await kubelet?.drain(signal);
    } catch (error) {
      this.log(node, `drain: ${textOf(error)}`);
    }
  }

  /** It does not go down after all. */
  uncordon(node: TalosNode): void {
    this.running.get(node.id)?.kubelet?.cordon(false);
  }

  /**
   * A connection to the kubelet's own API, port 10250.
   *
   * @returns undefined when no kubelet runs there
   */
  connect(node: TalosNode): Promise<Duplex> | undefined {
    return this.running.get(node.id)?.server.connect();
  }

  close(): void {
    for (const [id, running] of [...this.running]) this.stop(id, running);
    for (const { manifests } of this.manifests.values()) manifests.stop();
    this.manifests.clear();
  }

  private start(node: TalosNode): void {
    const authorities = authoritiesOf(node, this.nodes);
    if (!authorities) return;
    const server = new KubeletServer(node.hostname);
    const running: Running = { boot: node.bootId, authorities, node, server, isStopped: false };
    this.running.set(node.id, running);
    const create = async () => {
      const [credentials, talos] = await credentialsOf(node, authorities);
      if (running.isStopped) return;
      running.kubelet = new Kubelet(running.node, {
        dial: this.dialFrom(node),
        credentials,
        ...(talos && { talos }),
        programOf: this.options.programOf,
        heartbeat: this.options.heartbeat ?? 10_000,
        isNetworkReady: this.connected.has(node.id),
        networkReady: () => this.connected.add(node.id),
        log: (line) => {
          this.log(node, line);
        },
      });
    };
    create().catch((error: unknown) => {
      this.log(node, textOf(error));
    });
  }

  /** Once its CA is another one, or another one is accepted: Talos restarts the kubelet then. */
  private renew(running: Running): void {
    const { node, kubelet } = running;
    const authorities = authoritiesOf(node, this.nodes);
    if (!kubelet || !authorities || isSame(authorities, running.authorities)) return;
    running.authorities = authorities;
    credentialsOf(node, authorities).then(
      ([credentials, talos]) => {
        // A later change is renewed by itself.
        if (running.authorities === authorities) kubelet.renew(credentials, talos);
      },
      (error: unknown) => {
        this.log(node, textOf(error));
      },
    );
  }

  private log(node: TalosNode, line: string): void {
    this.options.log(node, `[talos] service[kubelet](Running): ${line}`);
  }

  private stop(id: string, running: Running): void {
    running.isStopped = true;
    running.kubelet?.stop();
    running.server.close();
    this.running.delete(id);
  }

  /** One control plane of each cluster applies its manifests, under Talos's lock. */
  private observeManifests(nodes: readonly TalosNode[]): void {
    const appliers = new Map<string, TalosNode>();
    for (const node of nodes) {
      const cluster = node.configuration?.clusterId ?? "";
      const hasProgram = this.options.programOf(node, "apiServer")?.isHealthy === true;
      if (hasProgram && !appliers.has(cluster)) appliers.set(cluster, node);
    }
    for (const [cluster, node] of appliers) {
      const present = this.manifests.get(cluster);
      const authorities = authoritiesOf(node, this.nodes);
      if (!authorities) continue;
      if (present?.manifests.nodeId === node.id && isSame(present.authorities, authorities)) {
        present.manifests.update(node);
        continue;
      }
      present?.manifests.stop();
      const manifests = new BootstrapManifests(node, {
        dial: this.dialFrom(node),
        credentials: talosCredentials(authorities),
        log: (line) => {
          this.options.log(node, `[talos] ${line}`);
        },
      });
      this.manifests.set(cluster, { authorities, manifests });
    }
    for (const [cluster, { manifests }] of this.manifests) {
      if (nodes.some(({ id }) => id === manifests.nodeId)) continue;
      manifests.stop();
      this.manifests.delete(cluster);
    }
  }

  /**
   * As KubePrism on the node balances: to any control plane of its cluster that accepts a
   * connection, its own first, then the one that did last.
   */
  private dialFrom({ id }: TalosNode): Dial {
    let last = "";
    return async () => {
      const node = this.nodes.find((candidate) => candidate.id === id);
      if (!node) throw new Error("the machine is gone");
      const cluster = node.configuration?.clusterId;
      const addresses = this.nodes
        .filter((other) => other.isControlPlane)
        .filter((other) => other.configuration?.clusterId === cluster)
        .map(({ address }) => address);
      const preferred = [node.address, last].filter((address) => addresses.includes(address));
      let problem: unknown = new Error("no control plane is known");
      for (const address of new Set([...preferred, ...addresses])) {
        try {
          const connection = await this.options.connect(node, address, API_SERVER_PORT);
          last = address;
          return connection;
        } catch (error) {
          problem = error;
        }
      }
      throw problem;
    };
  }
}

/** A kubelet's own credentials, and on a control plane Talos's. */
function credentialsOf(node: TalosNode, authorities: Authorities) {
  return Promise.all([
    kubeletCredentials(node, authorities),
    node.isControlPlane ? talosCredentials(authorities) : undefined,
  ]);
}

function isSame(one: Authorities, other: Authorities): boolean {
  return one.accepted === other.accepted && one.issuing.certificate === other.issuing.certificate;
}

/** Once its clock is in sync, and with a configuration that names a cluster. */
function runsKubelet(node: TalosNode): boolean {
  return node.stage === "ready" && node.configuration !== undefined;
}
