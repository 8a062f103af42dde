import type { TalosNode } from "../../talos/nodes/node";
import { ApiClient } from "./api-client";
import { isConflict, textOf } from "./api-error";
import type { Credentials, Dial } from "./dial-agent";
import { evictPods } from "./evict";
import { follow } from "./follow";
import { renewLease } from "./lease";
import { MirrorPods, type ProgramOf } from "./mirror-pods";
import { applyToNode, desiredNode } from "./node-apply";
import { pathOfNode, registerNode, reportStatus } from "./own-node";
import type { NodeObject, Pod } from "./objects";
import { isOver, pause } from "../pause";
import { Pods } from "./pods";

export interface KubeletOptions {
  readonly dial: Dial;
  readonly credentials: Credentials;
  /** Talos's own, on a control plane; a worker's Talos uses its kubelet's. */
  readonly talos?: Credentials;
  readonly programOf: ProgramOf;
  /** Milliseconds between heartbeats, a quarter of what its lease is good for. */
  readonly heartbeat: number;
  /** A CNI has been set up on this machine's disk. */
  readonly isNetworkReady: boolean;
  readonly networkReady: () => void;
  readonly log: (line: string) => void;
}

/** Milliseconds between two attempts of anything, and two looks at the control plane's programs. */
const RETRY = 1000;

/**
 * The kubelet of one machine, from its start to its stop, with the part of Talos that works on the
 * machine's Node. It talks to a real API server with the node's own certificate.
 */
export class Kubelet {
  private readonly stopped = new AbortController();
  private readonly client: ApiClient;
  private readonly talos: ApiClient;
  private readonly pods: Pods;
  private readonly mirrorPods: MirrorPods;
  private present: NodeObject | undefined;
  private isNetworkReady: boolean;
  private isRegistered = false;
  private isCordoned = false;
  private lastProblem = "";
  /** Wakes the loop before its time. */
  private wake = new AbortController();
  private readonly startedAt = Date.now();

  constructor(
    private node: TalosNode,
    private readonly options: KubeletOptions,
  ) {
    const { dial, credentials, talos, programOf } = options;
    const { signal } = this.stopped;
    this.client = new ApiClient(dial, credentials, "kubelet (simulated)");
    this.talos = talos ? new ApiClient(dial, talos, "talos (simulated)") : this.client;
    this.isNetworkReady = options.isNetworkReady;
    this.mirrorPods = new MirrorPods(this.client, programOf, signal);
    this.pods = new Pods({
      client: this.client,
      address: node.address,
      podNetwork: () => this.present?.spec?.podCIDR,
      isNetworkReady: () => this.isNetworkReady,
      networkReady: () => {
        this.isNetworkReady = true;
        options.networkReady();
        this.wake.abort();
      },
      signal,
      failed: (error) => {
        this.failed("pod", error);
      },
    });
    void this.run();
  }

  /** Whether its Node is there, for Talos's list of services. */
  get status(): { isRegistered: boolean; problem: string; since: number } {
    const { isRegistered, lastProblem, startedAt } = this;
    return { isRegistered, problem: isRegistered ? "" : lastProblem, since: startedAt };
  }

  /** The machine's current configuration and stage. */
  update(node: TalosNode): void {
    const isSame = node.configured === this.node.configured && node.version === this.node.version;
    this.node = node;
    if (!isSame) this.wake.abort();
  }

  /** Certificates of another CA: the API server that requires them is a new one. */
  renew(credentials: Credentials, talos: Credentials | undefined): void {
    this.client.renew(credentials);
    if (talos) this.talos.renew(talos);
  }

  /** Whether Talos cordons the node, which is about to go down. */
  cordon(isCordoned: boolean): void {
    this.isCordoned = isCordoned;
    this.wake.abort();
  }

  /** Resolves when the cordoned node has lost the pods that can run elsewhere. */
  async drain(signal: AbortSignal): Promise<void> {
    if (!this.isRegistered) return;
    const ended = AbortSignal.any([signal, this.stopped.signal]);
    while (!isOver(ended) && this.present?.spec?.unschedulable !== true) await pause(100, ended);
    if (isOver(ended)) return;
    await evictPods(this.client, this.node.hostname, { log: this.options.log, signal: ended });
  }

  /** Ends at once, as with the machine's power: nothing is reported. */
  stop(): void {
    this.stopped.abort();
    this.wake.abort();
    this.client.close();
    this.talos.close();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    await this.until(async () => registerNode(this.client, this.node, signal));
    if (signal.aborted) return;
    this.isRegistered = true;
    const name = this.node.hostname;
    await Promise.all([
      follow<NodeObject>(
        this.client,
        "/api/v1/nodes",
        { fieldSelector: `metadata.name=${name}` },
        {
          all: ([node]) => {
            this.present = node;
            this.wake.abort();
          },
          changed: (node) => {
            this.present = node;
            this.wake.abort();
          },
          deleted: () => (this.present = undefined),
          failed: (error) => {
            this.failed("watch of its node", error);
          },
        },
        signal,
      ),
      follow<Pod>(
        this.client,
        "/api/v1/pods",
        { fieldSelector: `spec.nodeName=${name}` },
        {
          all: (pods) => {
            this.mirrorPods.all(pods);
            this.pods.all(pods);
          },
          changed: (pod) => {
            this.mirrorPods.changed(pod);
            this.pods.changed(pod);
          },
          deleted: (pod) => {
            this.mirrorPods.deleted(pod);
            this.pods.deleted(pod);
            this.wake.abort();
          },
          failed: (error) => {
            this.failed("watch of its pods", error);
          },
        },
        signal,
      ),
      this.beat(),
      this.work(),
    ]);
  }

  private async beat(): Promise<void> {
    const { signal } = this.stopped;
    const { heartbeat } = this.options;
    const { hostname } = this.node;
    while (!signal.aborted) {
      await this.until(async () =>
        renewLease(this.client, hostname, this.present, heartbeat, signal),
      );
      await pause(heartbeat, signal);
    }
  }

  /** What follows from the node's configuration, its programs and what others changed. */
  private async work(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      this.wake = new AbortController();
      const woken = AbortSignal.any([signal, this.wake.signal]);
      for (const step of [
        async () => this.reportStatus(),
        async () => this.applyTalos(),
        async () => this.syncMirrorPods(),
      ]) {
        try {
          await step();
        } catch (error) {
          this.failed("node", error);
        }
      }
      await pause(RETRY, woken);
    }
  }

  private async reportStatus(): Promise<void> {
    const { client, node, present, isNetworkReady } = this;
    if (!present) return;
    this.present = await reportStatus(client, node, present, isNetworkReady, this.stopped.signal);
  }

  private async applyTalos(): Promise<void> {
    const { present } = this;
    if (!present) return;
    const applied = applyToNode(present, desiredNode(this.node, this.isCordoned));
    if (applied === present) return;
    try {
      this.present = await this.talos.call<NodeObject>("PUT", pathOfNode(this.node), {
        body: applied,
        signal: this.stopped.signal,
      });
    } catch (error) {
      // another one was faster: the watch brings what it wrote
      if (!isConflict(error)) throw error;
    }
  }

  private async syncMirrorPods(): Promise<void> {
    const uid = this.present?.metadata.uid;
    if (uid !== undefined) await this.mirrorPods.sync(this.node, uid);
  }

  /** Tries until it succeeds or the kubelet is stopped. */
  private async until(attempt: () => Promise<void>): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      try {
        await attempt();
        return;
      } catch (error) {
        this.failed("node", error);
        await pause(RETRY, signal);
      }
    }
  }

  private failed(what: string, error: unknown): void {
    if (this.stopped.signal.aborted) return;
    const problem = `${what}: ${textOf(error)}`;
    if (problem !== this.lastProblem) this.options.log(problem);
    this.lastProblem = problem;
  }
}
