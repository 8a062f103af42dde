import type { Cidr } from "./cidr";
import type { Version } from "./version";

/** The clouds of `node_distribution`; each may have a directory in `providers/`. */
export const cloudNames = ["scaleway", "ovh", "outscale"] as const;
export type CloudName = (typeof cloudNames)[number];

/** Talos's own words for what a machine is. */
export type Role = "controlplane" | "worker";

/** A planned node: everything follows from its role and index, so that a change of another node never moves it. */
export interface NodeSpec {
  /** "control-plane-0", "worker-3": in host names, messages and docs. */
  readonly name: string;
  /** "control_plane_0": in resource addresses. */
  readonly logicalId: string;
  readonly role: Role;
  /** Counted from 0 within the role. */
  readonly index: number;
  /** Its failure domain, in the cloud's terms: "fr-par-1". */
  readonly zone: string;
  /** Its address on the private network. */
  readonly address: string;
  /** In the cloud's terms: "DEV1-M". */
  readonly machineType: string;
}

/** The address of a node with this index in its role, whether or not it exists. */
export interface AddressSlots {
  readonly controlPlane: (index: number) => string;
  readonly worker: (index: number) => string;
}

/** The image of the nodes: one by its id (in one zone), or the one of that name in each zone. */
export type NodeImage = { readonly id: string } | { readonly name: string };

/** A validated input with every default filled in. */
export interface ClusterSpec {
  readonly name: string;
  readonly cloud: CloudName;
  readonly talosVersion: Version;
  readonly kubernetesVersion: Version;
  /** The private network, /16 to /22. */
  readonly network: Cidr;
  /** Who may reach the API and the bastion: merged, sorted, without duplicates. */
  readonly adminNetworks: readonly Cidr[];
  /** A DNS name of the API in addition to the load balancer's address. @default - that address only */
  readonly endpointName?: string;
  readonly region: string;
  /** The zone of the bastion and of other single zonal resources. */
  readonly zone: string;
  /** Control planes first, then workers, each by index. */
  readonly nodes: readonly NodeSpec[];
  readonly slots: AddressSlots;
  readonly nodeImage: NodeImage;
  /** Size of each node's disk, in GB. @default - the machine type brings its own */
  readonly rootVolumeGb?: number;
  readonly bastion: BastionSpec;
  /** About the input, printed at synth. @default - none, or already printed */
  readonly warnings?: readonly string[];
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

export function workers(spec: ClusterSpec): readonly NodeSpec[] {
  return spec.nodes.filter((node) => node.role === "worker");
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
