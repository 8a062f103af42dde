import type { Cidr } from "./cidr";
import type { ClusterNetwork } from "./cluster-network";
import type { CniSpec } from "./cni";
import type { Manifest } from "./manifest";
import type { IngressRule } from "./ingress-rules";
import type { Version } from "./version";

/** The clouds of `node_distribution`; each may have a directory in `providers/`. */
export const cloudNames = ["scaleway", "ovh", "outscale"] as const;
export type CloudName = (typeof cloudNames)[number];

/** Talos's own words for what a machine is. */
export type Role = "controlplane" | "worker";

/** The pool of the nodes that `workers` counts. */
export const workerPool = "worker";

/** A planned node: everything follows from its role or pool and its index, so that a change of another node never moves it. */
export interface NodeSpec {
  /** "control-plane-0", "worker-3", "gpu-0": in host names, messages and docs. */
  readonly name: string;
  /** "control_plane_0": in resource addresses. */
  readonly logicalId: string;
  readonly role: Role;
  /** Its pool: "worker", or the name of one in `pools`. @default - a control plane has none */
  readonly pool?: string;
  /** Counted from 0 among the control planes, or within the pool. */
  readonly index: number;
  /** Its failure domain, in the cloud's terms: "fr-par-1". */
  readonly zone: string;
  /** Its address on the private network. */
  readonly address: string;
  /** In the cloud's terms: "DEV1-M". */
  readonly machineType: string;
  /** Size of its disk, in GB. @default - the machine type brings its own */
  readonly rootVolumeGb?: number;
  /** Kubernetes's, set once it is registered. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Kubernetes's, with which it registers. @default - none */
  readonly taints?: readonly Taint[];
}

export const taintEffects = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const;
export type TaintEffect = (typeof taintEffects)[number];

/** Keeps pods that do not tolerate it away from a node. */
export interface Taint {
  readonly key: string;
  /** @default - none */
  readonly value?: string;
  readonly effect: TaintEffect;
}

/** Workers of a name and kind of their own: what their addresses follow from. */
export interface PoolSpec {
  /** "gpu": also the beginning of its nodes' names. */
  readonly name: string;
  /** The number of its block of addresses, counted from 1. */
  readonly addressBlock: number;
  /** Its nodes in that block at most. */
  readonly mostNodes: number;
  /** Node i is in zones[i mod n]. */
  readonly zones: readonly string[];
  /** How many nodes it has. */
  readonly count: number;
}

/** The address of a node with this index, whether or not it exists. */
export interface AddressSlots {
  readonly controlPlane: (index: number) => string;
  readonly worker: (index: number) => string;
  readonly pool: (pool: Pick<PoolSpec, "addressBlock" | "zones">, index: number) => string;
}

/** Ranges of the private network, in CIDR notation, which no node, pool or change of either moves. */
export interface AddressRanges {
  /** The addresses of present and possible nodes. */
  readonly nodes: readonly string[];
  /** Where the load balancer's own addresses are, the source that control planes see. */
  readonly loadBalancer: readonly string[];
}

/** The image of the nodes: one by its id (in one zone), or the one of that name in each zone. */
export type NodeImage = { readonly id: string } | { readonly name: string };

/** What a node's disk is encrypted with. */
export const diskEncryptions = ["node_id", "static", "kms", "none"] as const;
export type DiskEncryption = (typeof diskEncryptions)[number];

/** A validated input with every default filled in. */
export interface ClusterSpec extends ClusterNetwork {
  readonly name: string;
  readonly cloud: CloudName;
  readonly talosVersion: Version;
  readonly kubernetesVersion: Version;
  /** System extensions of the nodes' image, sorted: "siderolabs/iscsi-tools". @default - none */
  readonly extensions?: readonly string[];
  /** Arguments of the kernel in the nodes' image, beside Talos's own. @default - none */
  readonly kernelArgs?: readonly string[];
  /** @default "node_id" on clusters that were created with it, otherwise none */
  readonly diskEncryption?: DiskEncryption;
  /** URL of the key server, with `diskEncryption` "kms" only. */
  readonly diskEncryptionKms?: string;
  /** The private network, /16 to /22. */
  readonly network: Cidr;
  /** Who may reach the API and the bastion: merged, sorted, without duplicates. */
  readonly adminNetworks: readonly Cidr[];
  /** A DNS name of the API in addition to the load balancer's address. @default - that address only */
  readonly endpointName?: string;
  readonly region: string;
  /** The zone of the bastion and of other single zonal resources. */
  readonly zone: string;
  /** The nodes' zones in the order of the address plan. */
  readonly zones: readonly string[];
  /** Control planes first, then those of the pool "worker", then of the others by name; each by index. */
  readonly nodes: readonly NodeSpec[];
  /** Those besides "worker", by name. */
  readonly pools: readonly PoolSpec[];
  readonly slots: AddressSlots;
  readonly ranges: AddressRanges;
  readonly nodeImage: NodeImage;
  readonly bastion: BastionSpec;
  /** Further ports of nodes. @default - none */
  readonly ingressRules?: readonly IngressRule[];
  /** The user's own, of machine configurations. @default - none */
  readonly configPatches?: ConfigPatches;
  readonly cni: CniSpec;
  /** What Talos applies at bootstrap, in their order; without the CNI's. */
  readonly manifests: readonly Manifest[];
  /** About the input, printed at synth. @default - none, or already printed */
  readonly warnings?: readonly string[];
}

/** Patches of machine configurations, by the nodes that they are for. */
export interface ConfigPatches {
  readonly all: readonly ConfigPatch[];
  readonly controlPlanes: readonly ConfigPatch[];
  /** Of every pool. */
  readonly workers: readonly ConfigPatch[];
  /** By the pool's name. */
  readonly pools: Readonly<Record<string, readonly ConfigPatch[]>>;
  /** By the node's name. */
  readonly nodes: Readonly<Record<string, readonly ConfigPatch[]>>;
}

/** A checked strategic merge patch of one or several documents. */
export interface ConfigPatch {
  /** Where it is from: a file's path as in the input, or the path of its value. */
  readonly source: string;
  /** YAML. */
  readonly text: string;
  /** What it adds to a machine configuration at most, in bytes. */
  readonly size: number;
  /** The settings in it: "machine.sysctls", "TrustedRootsConfig my-ca". */
  readonly settings: readonly string[];
  /** True where it holds what looks like a secret: it is hidden in tofu's plan. */
  readonly isSecret: boolean;
}

export interface BastionSpec {
  /** Its address on the private network. */
  readonly address: string;
  /** Authorized keys of `ubuntu`, one line each. */
  readonly sshKeys: readonly string[];
  readonly machineType: string;
  /** The cloud's name of an Ubuntu image. */
  readonly image: string;
}

export function controlPlanes(spec: ClusterSpec): readonly NodeSpec[] {
  return spec.nodes.filter((node) => node.role === "controlplane");
}

/** Of every pool. */
export function workers(spec: ClusterSpec): readonly NodeSpec[] {
  return spec.nodes.filter((node) => node.role === "worker");
}

export function nodesOfPool(spec: ClusterSpec, pool: string): readonly NodeSpec[] {
  return spec.nodes.filter((node) => node.pool === pool);
}

/** The patches of a node, in their order: the last one wins. */
export function patchesOf({ configPatches }: ClusterSpec, node: NodeSpec): readonly ConfigPatch[] {
  if (configPatches === undefined) return [];
  const { all, controlPlanes: ofControlPlanes, workers: ofWorkers, pools, nodes } = configPatches;
  return [
    ...all,
    ...(node.role === "controlplane" ? ofControlPlanes : ofWorkers),
    ...(node.pool === undefined ? [] : (pools[node.pool] ?? [])),
    ...(nodes[node.name] ?? []),
  ];
}

/** Whether pods without a toleration may run there. */
export function takesAnyPod({ taints = [] }: NodeSpec): boolean {
  return taints.every(({ effect }) => effect === "PreferNoSchedule");
}

/** etcd gets slower with every member; more than seven are useless (etcd's own advice). */
export const mostControlPlanes = 7;

/** The addresses of present and possible control planes: a node's configuration is not changed after its creation. */
export function controlPlaneSlots({ slots }: ClusterSpec): string[] {
  return Array.from({ length: mostControlPlanes }, (_, index) => slots.controlPlane(index));
}

/** The node on which etcd is bootstrapped and to which the tunnel leads: control plane 0. */
export function bootstrapNode(spec: ClusterSpec): NodeSpec {
  const first = controlPlanes(spec)[0];
  if (first === undefined) throw new TypeError("a cluster has at least one control plane");
  return first;
}
