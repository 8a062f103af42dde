import type { Cidr } from "./cidr";
import type { Version } from "./version";

/** The clouds of `node_distribution`; each may have a folder in `providers/`. */
export const cloudNames = ["scaleway", "ovh", "outscale"] as const;
export type CloudName = (typeof cloudNames)[number];

/** Talos's own words for what a machine is. */
export type Role = "controlplane" | "worker";

/** One node, planned: everything follows from its role and index, so that no other node's change moves it. */
export interface NodeSpec {
  /** "control-plane-0", "worker-3": in host names, messages and docs. */
  readonly name: string;
  /** "control_plane_0": in resource addresses. */
  readonly logicalId: string;
  readonly role: Role;
  /** Counted from 0 within the role. */
  readonly index: number;
  /** Its failure domain, in the cloud's words: "fr-par-1". */
  readonly zone: string;
  /** Its address on the private network. */
  readonly address: string;
  /** In the cloud's words: "DEV1-M". */
  readonly machineType: string;
}

/** The address that a node has, or would have: by its index within its role. */
export interface AddressSlots {
  readonly controlPlane: (index: number) => string;
  readonly worker: (index: number) => string;
}

/** Which image the nodes boot: one by its id (in one zone), or the one of that name in each zone. */
export type NodeImage = { readonly id: string } | { readonly name: string };

/** What a person asked for, checked and with every default filled in. Nothing in it can be wrong any more. */
export interface ClusterSpec {
  readonly name: string;
  readonly cloud: CloudName;
  readonly talosVersion: Version;
  readonly kubernetesVersion: Version;
  /** The private network, /16 to /22. */
  readonly network: Cidr;
  /** Who may reach the API and the bastion: merged, sorted, without duplicates. */
  readonly adminNetworks: readonly Cidr[];
  /** A DNS name of the API besides the load balancer's address. @default - that address alone */
  readonly endpointName?: string;
  readonly region: string;
  /** Where the bastion lives, and what else there is one of and has a zone. */
  readonly zone: string;
  /** Control planes first, then workers, each by index. */
  readonly nodes: readonly NodeSpec[];
  readonly slots: AddressSlots;
  readonly nodeImage: NodeImage;
  /** Size of each node's disk, in GB. @default - the machine type brings its own */
  readonly rootVolumeGb?: number;
  readonly bastion: BastionSpec;
}

export interface BastionSpec {
  /** Its address on the private network. */
  readonly address: string;
  /** Public keys, one line each, that may log in as `ubuntu`. */
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

/** etcd answers slower with every member; more than seven have no use (etcd's own advice). */
export const mostControlPlanes = 7;

/** Where control planes are, and where one may come: what is written into a node is not changed afterwards. */
export function controlPlaneSlots({ slots }: ClusterSpec): string[] {
  return Array.from({ length: mostControlPlanes }, (_, index) => slots.controlPlane(index));
}

/** The node that etcd is bootstrapped on and that the tunnel leads to: control plane 0. */
export function bootstrapNode(spec: ClusterSpec): NodeSpec {
  const first = controlPlanes(spec)[0];
  if (first === undefined) throw new TypeError("a cluster has at least one control plane");
  return first;
}
