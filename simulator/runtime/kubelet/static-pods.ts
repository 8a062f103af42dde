import { createHash } from "node:crypto";

import type { ConfiguredComponent } from "../../talos/configuration/machine-configuration";
import type { TalosNode } from "../../talos/nodes/node";
import type { Pod } from "./objects";
import { MIRROR } from "./pods";

/** A program of the control plane that really runs on a node. */
export interface StaticProgram {
  /** It answered its last health check. */
  readonly isHealthy: boolean;
  /** Since when it is as it is, in milliseconds since 1970. */
  readonly since: number;
  /** Another one is another start of the program; undefined while it does not run. */
  readonly pid: number | undefined;
  /** `TalosNode.resourceVersion` of the configuration that it was started with. */
  readonly configVersion: string;
}

export type StaticComponent = Exclude<ConfiguredComponent, "kubelet">;

const COMPONENTS: Readonly<
  Record<StaticComponent, { name: string; user: number; cpu: string; memory: string }>
> = {
  apiServer: { name: "kube-apiserver", user: 65_534, cpu: "200m", memory: "512Mi" },
  controllerManager: { name: "kube-controller-manager", user: 65_535, cpu: "50m", memory: "256Mi" },
  scheduler: { name: "kube-scheduler", user: 65_536, cpu: "10m", memory: "64Mi" },
};
export const STATIC_COMPONENTS = Object.keys(COMPONENTS) as StaticComponent[];

/** A component's name in Kubernetes: "kube-apiserver". */
export function staticPodName(component: StaticComponent): string {
  return COMPONENTS[component].name;
}

/**
 * The mirror pod of a control plane's program, as its node's kubelet creates it for the static pod
 * that Talos renders.
 *
 * @param configVersion Of the configuration that the program runs with.
 * @param nodeUid The Node's: it owns the pod.
 */
export function mirrorPod(
  node: TalosNode,
  component: StaticComponent,
  configVersion: string,
  nodeUid: string,
): Pod & { apiVersion: string; kind: string } {
  const { name, user, cpu, memory } = COMPONENTS[component];
  const configured = node.configuration?.component(component);
  const image = configured?.image ?? "";
  const hash = createHash("md5")
    .update([node.hostname, name, image, configVersion].join("\n"))
    .digest("hex");
  const container = {
    name,
    image,
    command: [`/usr/local/bin/${name}`],
    env: [{ name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }],
    resources: { requests: { cpu, memory } },
    imagePullPolicy: "IfNotPresent",
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${name}-${node.hostname}`,
      namespace: "kube-system",
      labels: {
        tier: "control-plane",
        "k8s-app": name,
        component: name,
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/version": configured?.version ?? "",
        "app.kubernetes.io/component": "control-plane",
        "app.kubernetes.io/managed-by": "Talos",
      },
      annotations: {
        "kubernetes.io/config.hash": hash,
        [MIRROR]: hash,
        "kubernetes.io/config.seen": new Date().toISOString(),
        "kubernetes.io/config.source": "http",
        "talos.dev/config-version": configVersion,
        "talos.dev/secrets-version": "1",
        ...(component === "apiServer" && { "talos.dev/config-file-version": "1" }),
      },
      // admission lets a node create a mirror pod only with itself as the owner
      ownerReferences: [
        { apiVersion: "v1", kind: "Node", name: node.hostname, uid: nodeUid, controller: true },
      ],
    },
    spec: {
      nodeName: node.hostname,
      hostNetwork: true,
      priority: 2_000_000_000,
      priorityClassName: "system-cluster-critical",
      restartPolicy: "Always",
      enableServiceLinks: true,
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: user, runAsGroup: user },
      tolerations: [{ effect: "NoExecute", operator: "Exists" }],
      containers: [container],
    } as Pod["spec"],
  };
}
