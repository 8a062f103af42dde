import type { TalosNode } from "../../talos/nodes/node";
import { type ApiClient, STRATEGIC_MERGE_PATCH } from "./api-client";
import { isConflict, isNotFound } from "./api-error";
import type { Pod } from "./objects";
import { isReady, runningStatus } from "./pod-status";
import { MIRROR, pathOf } from "./pods";
import {
  mirrorPod,
  STATIC_COMPONENTS,
  type StaticComponent,
  type StaticProgram,
} from "./static-pods";

interface Reported {
  readonly uid: string;
  readonly pid: number | undefined;
  readonly isHealthy: boolean;
}

export type ProgramOf = (node: TalosNode, component: StaticComponent) => StaticProgram | undefined;

/**
 * Keeps the mirror pods of a control plane in step with its programs: one for each that runs, Ready
 * while it answers. A program with another configuration is another pod.
 */
export class MirrorPods {
  private readonly present = new Map<string, Pod>();
  /** What each pod's status was written from. */
  private readonly reported = new Map<string, Reported>();

  constructor(
    private readonly client: ApiClient,
    private readonly programOf: ProgramOf,
    private readonly signal: AbortSignal,
  ) {}

  all(pods: readonly Pod[]): void {
    this.present.clear();
    for (const pod of pods) this.changed(pod);
  }

  changed(pod: Pod): void {
    if (pod.metadata.annotations?.[MIRROR] !== undefined) this.present.set(pod.metadata.name, pod);
  }

  deleted(pod: Pod): void {
    const current = this.present.get(pod.metadata.name);
    if (current?.metadata.uid === pod.metadata.uid) this.present.delete(pod.metadata.name);
  }

  /**
   * Creates, replaces and removes pods, and reports which are ready.
   *
   * @throws ApiError, Error
   */
  async sync(node: TalosNode, nodeUid: string): Promise<void> {
    const wanted = new Set<string>();
    for (const component of node.isControlPlane ? STATIC_COMPONENTS : []) {
      const program = this.programOf(node, component);
      if (!program) continue;
      const pod = mirrorPod(node, component, program.configVersion, nodeUid);
      wanted.add(pod.metadata.name);
      const current = await this.replace(pod);
      await this.report(node, current, program);
    }
    for (const [name, pod] of this.present) if (!wanted.has(name)) await this.remove(pod);
  }

  /** @returns The pod as it is now. */
  private async replace(pod: Pod): Promise<Pod> {
    const current = this.present.get(pod.metadata.name);
    if (current && current.metadata.deletionTimestamp === undefined) {
      const isSame = current.metadata.annotations?.[MIRROR] === pod.metadata.annotations?.[MIRROR];
      if (isSame) return current;
    }
    if (current) await this.remove(current);
    const created = await this.client.call<Pod>("POST", "/api/v1/namespaces/kube-system/pods", {
      body: pod,
      signal: this.signal,
    });
    this.present.set(pod.metadata.name, created);
    return created;
  }

  private async report(node: TalosNode, pod: Pod, program: StaticProgram): Promise<void> {
    const { name, uid = "" } = pod.metadata;
    const { isHealthy, since } = program;
    const before = this.reported.get(name);
    // one that has ended has not been started again
    const pid = program.pid ?? before?.pid;
    const isSame = before?.pid === pid && before?.uid === uid;
    if (isSame && before.isHealthy === isHealthy && isReady(pod) === isHealthy) return;
    const place = { hostIP: node.address, podIP: node.address };
    const changes = { isReady: isHealthy, isRestarted: !isSame };
    const reported = await this.client.call<Pod>("PATCH", `${pathOf(pod)}/status`, {
      contentType: STRATEGIC_MERGE_PATCH,
      body: { metadata: { uid }, status: runningStatus(pod, place, new Date(since), changes) },
      signal: this.signal,
    });
    this.present.set(name, reported);
    this.reported.set(name, { uid, pid, isHealthy });
  }

  private async remove(pod: Pod): Promise<void> {
    try {
      await this.client.call("DELETE", pathOf(pod), {
        body: { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } },
        signal: this.signal,
      });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
    this.present.delete(pod.metadata.name);
  }
}
