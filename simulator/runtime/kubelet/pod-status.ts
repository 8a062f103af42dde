import { createHash } from "node:crypto";

import type { Container, ContainerStatus, Pod } from "./objects";

/** Where the pod runs. */
export interface PodPlace {
  readonly hostIP: string;
  readonly podIP: string;
}

/** Why a pod's containers wait: as kubelet reports it. */
export interface Waiting {
  readonly reason: "ContainerCreating" | "CreateContainerConfigError";
  readonly message?: string;
}

export interface Running {
  /** @default true */
  readonly isReady?: boolean;
  /** Containers that ran before have been restarted, with their machine or their program. */
  readonly isRestarted?: boolean;
}

/** The status of a pod whose containers run. */
export function runningStatus(
  pod: Pod,
  place: PodPlace,
  now: Date,
  { isReady = true, isRestarted = false }: Running = {},
): object {
  const startedAt = timeOf(now);
  const running = { running: { startedAt } };
  return {
    phase: "Running",
    startTime: pod.status?.startTime ?? startedAt,
    ...addresses(place),
    conditions: conditions(pod, now, {
      PodReadyToStartContainers: true,
      Initialized: true,
      ContainersReady: isReady || "ContainersNotReady",
      Ready: shouldBeReady(pod, isReady) || "ContainersNotReady",
    }),
    initContainerStatuses: (pod.spec.initContainers ?? []).map((container) =>
      container.restartPolicy === "Always"
        ? containerStatus(pod, container, running, true, isRestarted)
        : containerStatus(pod, container, terminated(startedAt, startedAt), true),
    ),
    containerStatuses: pod.spec.containers.map((container) =>
      containerStatus(pod, container, running, isReady, isRestarted),
    ),
  };
}

/** Whether a pod is to be Ready: its containers are, and its gates are open. */
export function shouldBeReady({ spec, status }: Pod, isReady = true): boolean {
  return (
    isReady &&
    (spec.readinessGates ?? []).every(({ conditionType }) => isTrue(status, conditionType))
  );
}

/** Whether it says that it is Ready; the controller manager takes that from pods of a lost node. */
export function isReady({ status }: Pod): boolean {
  return isTrue(status, "Ready");
}

function isTrue(podStatus: Pod["status"], condition: string): boolean {
  return (
    podStatus?.conditions?.some(({ type, status }) => type === condition && status === "True") ??
    false
  );
}

/** The status of a pod that its node has taken on, and cannot start yet. */
export function waitingStatus(pod: Pod, hostIP: string, waiting: Waiting, now: Date): object {
  const hasInit = (pod.spec.initContainers ?? []).length > 0;
  return {
    phase: "Pending",
    startTime: pod.status?.startTime ?? timeOf(now),
    hostIP,
    hostIPs: [{ $patch: "replace" }, { ip: hostIP }],
    conditions: conditions(pod, now, {
      PodReadyToStartContainers: false,
      Initialized: !hasInit || "ContainersNotInitialized",
      ContainersReady: "ContainersNotReady",
      Ready: "ContainersNotReady",
    }),
    containerStatuses: pod.spec.containers.map((container) =>
      containerStatus(pod, container, { waiting }, false),
    ),
  };
}

/** The status of a pod whose programs have ended by themselves, or at SIGTERM, with success. */
export function finishedStatus(pod: Pod, now: Date): object {
  const finishedAt = timeOf(now);
  const since = pod.status?.startTime ?? finishedAt;
  return {
    phase: "Succeeded",
    conditions: conditions(pod, now, {
      PodReadyToStartContainers: false,
      Initialized: true,
      ContainersReady: "PodCompleted",
      Ready: "PodCompleted",
    }),
    containerStatuses: pod.spec.containers.map((container) =>
      containerStatus(pod, container, terminated(since, finishedAt), false),
    ),
  };
}

/** "2026-11-29T23:00:00Z", as Kubernetes writes times. */
export function timeOf(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

function addresses({ hostIP, podIP }: PodPlace): object {
  return {
    hostIP,
    hostIPs: [{ $patch: "replace" }, { ip: hostIP }],
    podIP,
    podIPs: [{ $patch: "replace" }, { ip: podIP }],
  };
}

/** @param states True, false, or the reason why it is false. */
function conditions(pod: Pod, now: Date, states: Record<string, boolean | string>): object[] {
  return Object.entries(states).map(([type, state]) => {
    const status = state === true ? "True" : "False";
    const before = pod.status?.conditions?.find((condition) => condition.type === type);
    const time = timeOf(now);
    return {
      type,
      status,
      lastTransitionTime: before?.status === status ? (before.lastTransitionTime ?? time) : time,
      // a patch leaves what it does not name
      reason: typeof state === "string" ? state : null,
    };
  });
}

function terminated(startedAt: string, finishedAt: string): object {
  return { terminated: { exitCode: 0, reason: "Completed", startedAt, finishedAt } };
}

function containerStatus(
  pod: Pod,
  container: Container,
  state: object,
  ready: boolean,
  isRestarted = false,
): ContainerStatus {
  const before = statusOf(pod, container);
  const hasRun = before?.containerID !== undefined;
  const restartCount = (before?.restartCount ?? 0) + (hasRun && isRestarted ? 1 : 0);
  if (before && !isRestarted && "running" in state && "running" in before.state) {
    return { ...before, ready };
  }
  const identity = `${pod.metadata.uid ?? ""} ${container.name} ${restartCount}`;
  const digest = createHash("sha256").update(identity).digest("hex");
  const isCreated = !("waiting" in state);
  return {
    name: container.name,
    image: container.image,
    imageID: isCreated ? container.image : "",
    ...(isCreated && { containerID: `containerd://${digest}` }),
    ready,
    started: "running" in state,
    restartCount,
    state,
  };
}

function statusOf({ status }: Pod, { name }: Container): ContainerStatus | undefined {
  return [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].find(
    (candidate) => candidate.name === name,
  );
}
