import type { EtcdMember, EtcdStatus, MachineStatus } from "../../talos/node";

export type Role = "controlplane" | "worker";

/** A node whose machine exists. */
export interface KnownNode {
  /** "worker-0" */
  readonly name: string;
  /** Private. */
  readonly address: string;
  readonly role: Role;
}

/** What Talos reports of its node. */
export interface ObservedTalos {
  /** "v1.14.1" */
  readonly version: string;
  readonly bootId: string;
  readonly status: MachineStatus;
  /** The active machine configuration, with every secret: never print it. */
  readonly configuration: string;
}

/** A Node object of Kubernetes. */
export interface ObservedKubernetesNode {
  /** "demo-worker-0" */
  readonly name: string;
  readonly ready: boolean;
  readonly cordoned: boolean;
  /** What we cordoned it for; undefined where it is not cordoned by us. */
  readonly cordonedFor: string | undefined;
  /** "v1.37.1" */
  readonly kubelet: string;
}

export interface ObservedNode extends KnownNode {
  /** Undefined: it did not answer. */
  readonly talos?: ObservedTalos;
  /** Why Talos did not answer. */
  readonly problem?: string;
  /** Undefined: Kubernetes does not know it, or was not asked. */
  readonly kubernetes?: ObservedKubernetesNode;
  /** A control plane's own; undefined where it has none, or does not answer. */
  readonly etcd?: EtcdStatus;
  /** A control plane's: whether its own API server is ready. */
  readonly apiReady?: boolean;
}

/** One component of Kubernetes's control plane on one node. */
export interface ObservedComponent {
  /** "kube-apiserver" */
  readonly name: string;
  /** The address of its node. */
  readonly node: string;
  /** "v1.37.1", of its image. */
  readonly version: string;
  readonly ready: boolean;
}

/** All that runs, as it was asked for once. Nothing is concluded from what did not answer. */
export interface Observation {
  readonly nodes: readonly ObservedNode[];
  /** etcd's members, as the first control plane that answers knows them. */
  readonly members: readonly EtcdMember[];
  /** Control planes that know other members: names. */
  readonly disagreeing: readonly string[];
  /** Alarms in etcd: "NOSPACE". */
  readonly alarms: readonly string[];
  readonly components: readonly ObservedComponent[];
  /** Nodes in Kubernetes that are none of these. */
  readonly strangers: readonly (ObservedKubernetesNode & { readonly address: string })[];
  /**
   * Talos was upgraded, and what it deploys in Kubernetes was not brought up to date since.
   * @default - it was
   */
  readonly areManifestsDue?: true;
  /** Why Kubernetes did not answer; undefined: it did. */
  readonly kubernetesProblem?: string;
}
