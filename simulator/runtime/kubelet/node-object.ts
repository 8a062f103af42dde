import { createHash } from "node:crypto";

import type { TalosNode } from "../../talos/nodes/node";
import { desiredTaints } from "./node-apply";
import type { Condition, Taint } from "./objects";
import { contentsOf } from "./talos-releases";

/** What every simulated machine has, whatever its type: the simulated clouds know no sizes. */
const CAPACITY = {
  cpu: "4",
  memory: "8141284Ki",
  "ephemeral-storage": "50306052Ki",
  "hugepages-1Gi": "0",
  "hugepages-2Mi": "0",
  pods: "110",
};
/** Without what Talos reserves for the system. */
const ALLOCATABLE = {
  ...CAPACITY,
  cpu: "3950m",
  memory: "7616996Ki",
  "ephemeral-storage": "46362057Ki",
};

export const KUBELET_PORT = 10_250;

/** The Node as a kubelet registers it: with the taints that keep pods away until Talos owns them. */
export function registeredNode(node: TalosNode): object {
  const name = node.hostname;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: { ...ownLabels(name), ...labelsOfFlag(flag(node, "node-labels")) },
      annotations: { "volumes.kubernetes.io/controller-managed-attach-detach": "true" },
    },
    spec: { taints: registeredTaints(node) },
    status: {
      ...systemStatus(node),
      conditions: nodeConditions({ isNetworkReady: false, now: new Date() }),
    },
  };
}

/** Addresses, capacity, versions: all of a node's status but its conditions. */
export function systemStatus(node: TalosNode): object {
  const { kernel, containerd } = contentsOf(node.version);
  return {
    addresses: [
      { type: "InternalIP", address: node.address },
      { type: "Hostname", address: node.hostname },
    ],
    capacity: CAPACITY,
    allocatable: ALLOCATABLE,
    daemonEndpoints: { kubeletEndpoint: { Port: KUBELET_PORT } },
    nodeInfo: {
      machineID: digest(`machine ${node.id}`).slice(0, 32),
      systemUUID: uuid(digest(`system ${node.id}`)),
      bootID: node.bootId,
      kernelVersion: kernel,
      osImage: `Talos (v${node.version ?? "0.0.0-simulated"})`,
      containerRuntimeVersion: `containerd://${containerd}`,
      kubeletVersion: `v${node.configuration?.component("kubelet").version ?? ""}`,
      operatingSystem: "linux",
      architecture: "amd64",
    },
  };
}

export interface Health {
  /** A CNI has written its configuration: pods can get addresses. */
  readonly isNetworkReady: boolean;
  readonly now: Date;
}

/** @param previous Those of the same status keep the time of their last transition. */
export function nodeConditions(
  { isNetworkReady, now }: Health,
  previous: readonly Condition[] = [],
): Condition[] {
  const ready = isNetworkReady
    ? (["True", "KubeletReady", "kubelet is posting ready status"] as const)
    : ([
        "False",
        "KubeletNotReady",
        "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized",
      ] as const);
  const conditions = [
    [
      "MemoryPressure",
      "False",
      "KubeletHasSufficientMemory",
      "kubelet has sufficient memory available",
    ],
    ["DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
    ["PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
    ["Ready", ...ready],
  ] as const;
  const time = now.toISOString().replace(/\.\d+Z$/, "Z");
  return conditions.map(([type, status, reason, message]) => {
    const before = previous.find((condition) => condition.type === type);
    return {
      type,
      status,
      reason,
      message,
      lastHeartbeatTime: time,
      lastTransitionTime: before?.status === status ? (before.lastTransitionTime ?? time) : time,
    };
  });
}

/** The labels that a kubelet sets, and restores when it registers a node that exists already. */
export function ownLabels(name: string): Record<string, string> {
  return {
    "beta.kubernetes.io/arch": "amd64",
    "beta.kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
  };
}

function registeredTaints(node: TalosNode): Taint[] {
  const own = node.configuration?.registeredTaints ?? [];
  const isUninitialized =
    node.configuration?.hasExternalCloudProvider === true ||
    flag(node, "cloud-provider") === "external";
  return [
    ...own,
    ...desiredTaints(node).filter(({ key }) => !own.some((taint) => taint.key === key)),
    ...(isUninitialized
      ? [
          {
            key: "node.cloudprovider.kubernetes.io/uninitialized",
            value: "true",
            effect: "NoSchedule",
          },
        ]
      : []),
  ];
}

function flag(node: TalosNode, name: string): string {
  return node.configuration?.component("kubelet").extraArgs[name]?.join(",") ?? "";
}

/** "a=b,c=d" */
function labelsOfFlag(text: string): Record<string, string> {
  const pairs = text.split(",").filter((pair) => pair !== "");
  return Object.fromEntries(
    pairs.map((pair) => {
      const [key = "", ...value] = pair.split("=");
      return [key, value.join("=")];
    }),
  );
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function uuid(hex: string): string {
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join("-");
}
