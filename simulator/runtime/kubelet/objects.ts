/** The parts of Kubernetes's objects that the simulated kubelet reads and writes. */

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly ownerReferences?: readonly object[];
}

export interface KubernetesObject {
  readonly metadata: Metadata;
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
  readonly timeAdded?: string;
}

export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly lastHeartbeatTime?: string;
}

export interface NodeObject extends KubernetesObject {
  readonly spec?: {
    readonly podCIDR?: string;
    readonly taints?: readonly Taint[];
    readonly unschedulable?: boolean;
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface Reference {
  readonly name?: string;
  readonly optional?: boolean;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly {
    readonly valueFrom?: {
      readonly configMapKeyRef?: Reference;
      readonly secretKeyRef?: Reference;
    };
  }[];
  readonly envFrom?: readonly {
    readonly configMapRef?: Reference;
    readonly secretRef?: Reference;
  }[];
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
  readonly restartPolicy?: string;
}

export interface Volume {
  readonly name: string;
  readonly configMap?: Reference;
  readonly secret?: { readonly secretName?: string; readonly optional?: boolean };
  readonly hostPath?: { readonly path: string };
  readonly projected?: {
    readonly sources?: readonly { readonly configMap?: Reference; readonly secret?: Reference }[];
  };
}

export interface PodSpec {
  readonly nodeName?: string;
  readonly hostNetwork?: boolean;
  readonly restartPolicy?: "Always" | "OnFailure" | "Never";
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly readinessGates?: readonly { readonly conditionType: string }[];
}

export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly imageID: string;
  readonly containerID?: string;
  readonly ready: boolean;
  readonly started: boolean;
  readonly restartCount: number;
  readonly state: object;
  readonly lastState?: object;
}

export interface PodStatus {
  readonly phase?: "Pending" | "Running" | "Succeeded" | "Failed";
  readonly conditions?: readonly Condition[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly hostIP?: string;
  readonly podIP?: string;
  readonly startTime?: string;
}

export interface Pod extends KubernetesObject {
  readonly spec: PodSpec;
  readonly status?: PodStatus;
}
