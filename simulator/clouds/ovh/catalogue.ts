/**
 * What OVHcloud offers in which region: zones, flavors, images, quotas. Zones and flavors are from
 * its public guides and catalogue; quotas are those of the guide's "20 VMs" step, and Neutron's own
 * defaults where it names none.
 */
import { uuidOf } from "./ids";

/** Zones by region: one "nova", or three of the region's name. */
export const REGIONS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ["GRA11", "GRA7", "GRA9", "SBG5", "SBG7", "RBX-A", "BHS5", "DE1", "UK1", "WAW1"].map(
      (region) => [region, ["nova"]],
    ),
  ),
  "EU-WEST-PAR": ["eu-west-par-a", "eu-west-par-b", "eu-west-par-c"],
  "EU-SOUTH-MIL": ["eu-south-mil-a", "eu-south-mil-b", "eu-south-mil-c"],
};

export interface Flavor {
  readonly name: string;
  readonly vcpus: number;
  readonly ramMB: number;
  readonly diskGB: number;
  /** Regions of three zones sell the third generation only. */
  readonly thirdGeneration: boolean;
}

function flavor(name: string, vcpus: number, ramGB: number, diskGB: number): Flavor {
  return { name, vcpus, ramMB: ramGB * 1000, diskGB, thirdGeneration: /^.3-/.test(name) };
}

export const FLAVORS: readonly Flavor[] = [
  flavor("b3-8", 2, 8, 50),
  flavor("b3-16", 4, 16, 100),
  flavor("b3-32", 8, 32, 200),
  flavor("c3-4", 2, 4, 50),
  flavor("c3-8", 4, 8, 100),
  flavor("c3-16", 8, 16, 200),
  flavor("b2-7", 2, 7, 50),
  flavor("b2-15", 4, 15, 100),
  flavor("d2-2", 1, 2, 25),
  flavor("d2-4", 2, 4, 50),
  flavor("d2-8", 4, 8, 50),
];

export const LOAD_BALANCER_FLAVORS = ["small", "medium", "large"] as const;

export interface PublicImage {
  readonly name: string;
  readonly minDiskGB: number;
}

/** OVHcloud's own images that a bastion can use. */
export const PUBLIC_IMAGES: readonly PublicImage[] = [
  "Ubuntu 24.04",
  "Ubuntu 22.04",
  "Debian 12",
  "Debian 11",
  "AlmaLinux 9",
  "Rocky Linux 9",
].map((name) => ({ name, minDiskGB: 0 }));

export function flavorId(region: string, { name }: Flavor): string {
  return uuidOf(`flavor ${region} ${name}`);
}

export function loadBalancerFlavorId(region: string, name: string): string {
  return uuidOf(`load balancer flavor ${region} ${name}`);
}

/** The external network, with a subnet of each family. */
export function externalNetworkOf(region: string) {
  return {
    id: uuidOf(`Ext-Net ${region}`),
    name: "Ext-Net",
    ipv4Subnet: uuidOf(`Ext-Net IPv4 ${region}`),
    ipv6Subnet: uuidOf(`Ext-Net IPv6 ${region}`),
  };
}

/** Quotas of a project in a region. */
export interface Quotas {
  readonly instances: number;
  readonly cores: number;
  readonly ramMB: number;
  readonly networks: number;
  readonly subnets: number;
  readonly ports: number;
  readonly routers: number;
  readonly floatingIps: number;
  readonly securityGroups: number;
  readonly securityRules: number;
  readonly loadBalancers: number;
  readonly serverGroups: number;
  readonly serverGroupMembers: number;
}

export const QUOTAS: Quotas = {
  instances: 20,
  cores: 40,
  ramMB: 430_000,
  networks: 100,
  subnets: 100,
  ports: 500,
  routers: 4,
  floatingIps: 30,
  securityGroups: 100,
  securityRules: 500,
  loadBalancers: 10,
  serverGroups: 10,
  serverGroupMembers: 10,
};

/** Nova's limit of user data, in base64. */
export const USER_DATA_BYTES = 65535;

/** MTU of a network when none is configured; more than the router passes on. */
export const DEFAULT_MTU = 9000;
export const ROUTER_MTU = 1500;

/** Durations in milliseconds, in the order of magnitude that OpenStack was seen to need. */
export const DURATION = {
  routerReady: 5_000,
  routerJoined: 3_000,
  loadBalancerBuilt: 150_000,
  loadBalancerChanged: 3_000,
  loadBalancerDeleted: 10_000,
  serverBuilt: 20_000,
  serverBooted: 30_000,
  serverResized: 15_000,
  serverRebuilt: 15_000,
  serverStopped: 10_000,
  serverDeleted: 6_000,
  imageUploaded: 120_000,
} as const;
