import type { CloudName } from "../../constructs/model/cluster-spec";
import { inTurn } from "./rotation";

/** What the tests that are the same on every cloud need to know about one. */
export interface TestCloud {
  readonly name: CloudName;
  /** One control plane, without a warning. */
  readonly single: Nodes;
  /** Three control planes and two workers over several zones. */
  readonly available: Nodes;
  /** A machine type of which a new account may have many. */
  readonly plentifulType: string;
  /** Managed resources of `single` and of `available`. */
  readonly resources: { readonly single: number; readonly available: number };
  /** Resource types, by their purpose. */
  readonly types: {
    readonly network: string;
    readonly server: string;
    readonly loadBalancer: string;
  };
  /** Attributes with the API's and the bastion's public addresses: "scaleway_lb_ip.api", "ip_address". */
  readonly apiAddress: readonly [resource: string, attribute: string];
  readonly bastionAddress: readonly [resource: string, attribute: string];
  /** The resources of a node besides its server. */
  readonly ofNode: (name: string) => readonly string[];
  /** What else changes with one more control plane, besides talosconfig. */
  readonly ofControlPlane: (name: string) => readonly PlannedAddress[];
  /** What is replaced with a server. */
  readonly withReplacedServer: (name: string) => readonly PlannedAddress[];
  /** What a second admin network changes. */
  readonly ofAdmin: (network: string) => readonly PlannedAddress[];
  /** What is replaced with the bastion, besides its server and its boot document. */
  readonly withBastion: readonly PlannedAddress[];
  /** Options of the simulated account. */
  readonly account: object;
  /** Kinds of objects that belong to the cloud, not to Talos or the simulation. */
  readonly ofCluster: RegExp;
  /** Those of them that exist in the account without any cluster. */
  readonly accountKinds: readonly string[];
  /** A resource of the last rule that closes the API. */
  readonly lastRule: string;
  readonly worker0Address: string;
  /** A zone without nodes. */
  readonly otherZone: { readonly zone: string; readonly createdOnce: string };
}

export interface Nodes {
  readonly control_planes: number;
  readonly workers: number;
  readonly [setting: string]: unknown;
}

export interface PlannedAddress {
  readonly address: string;
  /** "create", "update", "delete", "delete+create" */
  readonly action: string;
}

const image_name = "talos-v1.14.1";
const replaced = (...addresses: string[]): PlannedAddress[] =>
  addresses.map((address) => ({ address, action: "delete+create" }));
const underscored = (network: string) => network.replaceAll(/\W/g, "_");

export const scaleway: TestCloud = {
  name: "scaleway",
  single: { control_planes: 1, workers: 0, zones: ["fr-par-1"], image_name },
  available: {
    control_planes: 3,
    workers: 2,
    zones: ["fr-par-1", "fr-par-2", "fr-par-1"],
    image_name,
  },
  plentifulType: "PRO2-S",
  resources: { single: 32, available: 45 },
  types: {
    network: "scaleway_vpc_private_network",
    server: "scaleway_instance_server",
    loadBalancer: "scaleway_lb",
  },
  apiAddress: ["scaleway_lb_ip.api", "ip_address"],
  bastionAddress: ["scaleway_instance_ip.bastion", "address"],
  ofNode: (name) => [`scaleway_instance_private_nic.${name}`, `scaleway_ipam_ip.${name}`],
  ofControlPlane: () => [{ address: "scaleway_lb_backend.api", action: "update" }],
  withReplacedServer: (name) => replaced(`scaleway_instance_private_nic.${name}`),
  ofAdmin: () => [
    { address: "scaleway_instance_security_group.bastion", action: "update" },
    { address: "scaleway_lb_frontend.api", action: "update" },
  ],
  withBastion: replaced("scaleway_instance_private_nic.bastion"),
  account: { quotas: "verified", images: [{ name: image_name }] },
  ofCluster: /^scaleway_/,
  accountKinds: ["scaleway_instance_image", "scaleway_block_snapshot"],
  lastRule: "scaleway_lb_frontend",
  worker0Address: "172.16.5.4",
  otherZone: { zone: "fr-par-2", createdOnce: "fr-par-1" },
};

export const ovh: TestCloud = {
  name: "ovh",
  single: { control_planes: 1, workers: 0, region: "GRA11", image_name },
  available: {
    control_planes: 3,
    workers: 2,
    region: "EU-WEST-PAR",
    zones: ["eu-west-par-a", "eu-west-par-b", "eu-west-par-c"],
    image_name,
  },
  plentifulType: "b3-8",
  resources: { single: 37, available: 48 },
  types: {
    network: "openstack_networking_network_v2",
    server: "openstack_compute_instance_v2",
    loadBalancer: "openstack_lb_loadbalancer_v2",
  },
  apiAddress: ["openstack_networking_floatingip_v2.api", "address"],
  bastionAddress: ["openstack_networking_floatingip_v2.bastion", "address"],
  ofNode: (name) => [`openstack_networking_port_v2.${name}`],
  ofControlPlane: (name) => [{ address: `openstack_lb_member_v2.${name}`, action: "create" }],
  withReplacedServer: () => [],
  ofAdmin: (network) => [
    { address: "openstack_lb_listener_v2.api", action: "update" },
    {
      address: `openstack_networking_secgroup_rule_v2.ssh_from_${underscored(network)}`,
      action: "create",
    },
  ],
  withBastion: [],
  account: { images: [{ name: image_name }] },
  ofCluster: /^openstack_/,
  accountKinds: ["openstack_images_image_v2"],
  lastRule: "openstack_lb_listener_v2",
  worker0Address: "172.16.5.4",
  otherZone: { zone: "eu-west-par-b", createdOnce: "eu-west-par-a" },
};

export const outscale: TestCloud = {
  name: "outscale",
  single: { control_planes: 1, workers: 0, region: "eu-west-2", image_name },
  available: {
    control_planes: 3,
    workers: 2,
    region: "eu-west-2",
    zones: ["eu-west-2a", "eu-west-2b", "eu-west-2c"],
    image_name,
  },
  plentifulType: "tinav6.c2r4p2",
  resources: { single: 42, available: 50 },
  types: {
    network: "outscale_net",
    server: "outscale_vm",
    loadBalancer: "outscale_load_balancer",
  },
  apiAddress: ["outscale_public_ip.api", "public_ip"],
  bastionAddress: ["outscale_public_ip.bastion", "public_ip"],
  ofNode: () => [],
  ofControlPlane: () => [{ address: "outscale_load_balancer_vms.api", action: "update" }],
  withReplacedServer: () => [],
  ofAdmin: (network) =>
    ["kubernetes", "ssh"].map((purpose) => ({
      address: `outscale_security_group_rule.${purpose}_from_${underscored(network)}`,
      action: "create",
    })),
  withBastion: replaced("outscale_public_ip_link.bastion"),
  account: { images: [{ name: image_name }], subregions: ["a", "b", "c"] },
  ofCluster: /^outscale_/,
  accountKinds: ["outscale_image", "outscale_snapshot"],
  lastRule: "outscale_security_group_rule",
  worker0Address: "172.16.4.32",
  otherZone: { zone: "eu-west-2b", createdOnce: "eu-west-2a" },
};

export const testClouds: readonly TestCloud[] = [scaleway, ovh, outscale];

/**
 * The clouds of a test that takes too long for each: one in each turn, `first` in turn 0, of each
 * file another one; or all. See `rotation.ts`.
 */
export function oneOf(first: TestCloud): readonly TestCloud[] {
  return inTurn(testClouds, first);
}

/** The clouds that a test leaves to its proof: what is the same on every cloud is tested on one. */
export function othersThan(tested: TestCloud): readonly TestCloud[] {
  return testClouds.filter((cloud) => cloud !== tested);
}

/** One of them in each turn, `first` in turn 0; or all. */
export function oneOfOthersThan(tested: TestCloud, first: TestCloud): readonly TestCloud[] {
  return inTurn(othersThan(tested), first);
}
