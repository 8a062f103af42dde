import type { TalosNode } from "../../talos/nodes/node";
import { ApiClient } from "../kubelet/api-client";
import { textOf } from "../kubelet/api-error";
import type { Credentials, Dial } from "../kubelet/dial-agent";
import { isOver, pause } from "../pause";
import { hasInventory } from "../kubelet/talos-releases";
import { applyManifests } from "./apply";
import { manifestsOf } from "./of-configuration";

export interface BootstrapManifestsOptions {
  readonly dial: Dial;
  readonly credentials: Promise<Credentials>;
  readonly log: (line: string) => void;
}

/** Milliseconds before what failed is tried again: growing, as Talos's controllers wait. */
const PAUSES = [500, 1000, 2000, 5000, 10_000, 30_000];

/**
 * The part of a control plane's Talos that applies the manifests of its configuration, once the API
 * answers and whenever they change, until each is there.
 */
export class BootstrapManifests {
  private readonly stopped = new AbortController();
  private changed = new AbortController();
  private client: ApiClient | undefined;

  constructor(
    private node: TalosNode,
    private readonly options: BootstrapManifestsOptions,
  ) {
    this.run().catch((error: unknown) => {
      options.log(`manifests: ${textOf(error)}`);
    });
  }

  get nodeId(): string {
    return this.node.id;
  }

  update(node: TalosNode): void {
    const isSame = node.configured === this.node.configured && node.version === this.node.version;
    this.node = node;
    if (!isSame) this.changed.abort();
  }

  stop(): void {
    this.stopped.abort();
    this.client?.close();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    this.client = new ApiClient(
      this.options.dial,
      await this.options.credentials,
      "talos (simulated)",
    );
    let failures = 0;
    let last = "";
    while (!signal.aborted) {
      this.changed = new AbortController();
      const problem = await this.apply(this.client);
      if (isOver(signal)) return;
      if (problem === "") {
        failures = 0;
        await until(AbortSignal.any([signal, this.changed.signal]));
        continue;
      }
      if (problem !== last) this.options.log(`k8s.ManifestApplyController: ${problem}`);
      last = problem;
      const wait = PAUSES[Math.min(failures++, PAUSES.length - 1)] ?? 0;
      await pause(wait, AbortSignal.any([signal, this.changed.signal]));
    }
  }

  /** @returns What went wrong; empty when all is there. */
  private async apply(client: ApiClient): Promise<string> {
    const { configuration, version } = this.node;
    if (!configuration) return "";
    try {
      const { manifests, problems } = manifestsOf(configuration, version);
      const refused = await applyManifests(manifests, {
        client,
        hasInventory: hasInventory(version),
        log: (line) => {
          this.options.log(`k8s.ManifestApplyController: ${line}`);
        },
        signal: this.stopped.signal,
      });
      return [...problems, ...refused].join("; ");
    } catch (error) {
      return textOf(error);
    }
  }
}

async function until(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener(
      "abort",
      () => {
        resolve();
      },
      { once: true },
    );
  });
}
