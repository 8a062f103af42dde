/**
 * What Scaleway sells in which zone: products, machine types, quotas. Zones of products are those
 * of the SDK's `Zones()` lists; machine types are from the recorded catalogue (x86_64 unless
 * noted); quotas from Scaleway's documentation of organization quotas (2024).
 */

export const REGIONS = ["fr-par", "nl-ams", "pl-waw", "it-mil"] as const;

export const ZONES = [
  ...["fr-par-1", "fr-par-2", "fr-par-3"],
  ...["nl-ams-1", "nl-ams-2", "nl-ams-3"],
  ...["pl-waw-1", "pl-waw-2", "pl-waw-3"],
  ...["it-mil-1"],
] as const;

export const DEFAULT_REGION = "fr-par";
export const DEFAULT_ZONE = "fr-par-1";

export type Product = "instance" | "load-balancer" | "gateway" | "block";

const NOT_SOLD_IN: Readonly<Record<Product, readonly string[]>> = {
  instance: [],
  "load-balancer": ["fr-par-3", "it-mil-1"],
  gateway: ["fr-par-3"],
  block: ["it-mil-1"],
};

export function zonesOf(product: Product): string[] {
  return ZONES.filter((zone) => !NOT_SOLD_IN[product].includes(zone));
}

export interface MachineType {
  readonly arch: "x86_64" | "arm64";
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** Size of the local disk; 0 for types that boot from block storage only. */
  readonly localDiskGB: number;
  readonly notIn?: readonly string[];
}

function type(
  vcpus: number,
  memoryGiB: number,
  localDiskGB = 0,
  rest: Partial<MachineType> = {},
): MachineType {
  return { arch: "x86_64", vcpus, memoryGiB, localDiskGB, ...rest };
}

const NOT_IN_PAR_3 = { notIn: ["fr-par-3"] };

export const MACHINE_TYPES: Readonly<Record<string, MachineType>> = {
  "STARDUST1-S": type(1, 1, 10, NOT_IN_PAR_3),
  "DEV1-S": type(2, 2, 20, NOT_IN_PAR_3),
  "DEV1-M": type(3, 4, 40, NOT_IN_PAR_3),
  "DEV1-L": type(4, 8, 80, NOT_IN_PAR_3),
  "DEV1-XL": type(4, 12, 120, NOT_IN_PAR_3),
  "PLAY2-PICO": type(1, 2, 0, NOT_IN_PAR_3),
  "PLAY2-NANO": type(2, 4, 0, NOT_IN_PAR_3),
  "PLAY2-MICRO": type(4, 8, 0, NOT_IN_PAR_3),
  "BASIC2-A2C-4G": type(2, 4, 0, { arch: "arm64", ...NOT_IN_PAR_3 }),
  "BASIC2-A4C-8G": type(4, 8, 0, { arch: "arm64", ...NOT_IN_PAR_3 }),
  "BASIC3-X2C-4G": type(2, 4, 0, NOT_IN_PAR_3),
  "GP1-XS": type(4, 16, 150, NOT_IN_PAR_3),
  "PRO2-XXS": type(2, 8),
  "PRO2-XS": type(4, 16),
  "PRO2-S": type(8, 32),
  "POP2-HC-2C-4G": type(2, 4),
  "POP2-2C-8G": type(2, 8),
  "POP2-4C-16G": type(4, 16),
  "STANDARD2-A2C-8G": type(2, 8, 0, { arch: "arm64", ...NOT_IN_PAR_3 }),
};

/** The type as sold in a zone; the provider ignores its case. */
export function machineType(name: string, zone: string): MachineType | undefined {
  const found = MACHINE_TYPES[name.toUpperCase()];
  return found?.notIn?.includes(zone) ? undefined : found;
}

/** Load balancer types of the API, in the form of the state. */
export const LOAD_BALANCER_TYPES = ["LB-S", "LB-GP-M", "LB-GP-L", "LB-GP-XL"] as const;

/** Bandwidth of a public gateway by type, Mbit/s: 100 is recorded for the smallest. */
export const GATEWAY_TYPES: Readonly<Record<string, number>> = {
  "VPC-GW-S": 100,
  "VPC-GW-M": 1000,
  "VPC-GW-L": 5000,
  "VPC-GW-XL": 10000,
};

/** With a payment method only, or with a verified identity. */
export type Verification = "unverified" | "verified" | "unlimited";

type Limits = Readonly<Partial<Record<Verification, number>>>;

function both(limit: number): Limits {
  return { unverified: limit, verified: limit };
}

/** Servers of one type in the whole organization; types that are not listed have no known limit. */
export const SERVER_QUOTAS: Readonly<Record<string, Limits>> = {
  "DEV1-S": { unverified: 10, verified: 20 },
  "DEV1-M": { unverified: 8, verified: 15 },
  "DEV1-L": { unverified: 5, verified: 10 },
  "PLAY2-PICO": { unverified: 10, verified: 15 },
  "PLAY2-NANO": { unverified: 5, verified: 10 },
  "PLAY2-MICRO": { unverified: 3, verified: 5 },
  "GP1-XS": { unverified: 1, verified: 4 },
  "PRO2-XXS": { unverified: 1, verified: 5 },
  "PRO2-XS": { unverified: 0, verified: 4 },
  "POP2-2C-8G": { unverified: 1, verified: 5 },
};

/** Objects of other kinds in the whole organization, by resource type. */
export const QUOTAS: Readonly<Record<string, Limits>> = {
  scaleway_instance_ip: { unverified: 20, verified: 50 },
  scaleway_lb: both(50),
  scaleway_vpc_public_gateway: both(50),
  scaleway_vpc_private_network: both(255),
  scaleway_instance_private_nic: both(255),
  scaleway_instance_placement_group: both(100),
  scaleway_volume: both(200),
};

/** Block storage of the whole organization, GB. */
export const BLOCK_STORAGE_QUOTA_GB: Limits = { unverified: 500, verified: 5000 };

/** Security rules of the whole organization. */
export const SECURITY_RULES_QUOTA = 500;

/** Private networks that one instance can be attached to. */
export const PRIVATE_NETWORKS_PER_INSTANCE = 8;

export const SERVERS_PER_PLACEMENT_GROUP = 20;

/**
 * Durations in milliseconds. About a minute for a load balancer with its attachment and about 10 s
 * for a gateway are recorded; the others have the recorded order of magnitude.
 */
export const DURATION = {
  gatewayReady: 10_000,
  gatewayDeleted: 5_000,
  /** Longer than a server needs: a NIC that does not wait for it comes first. */
  gatewayNetworkReady: 20_000,
  gatewayNetworkDeleted: 5_000,
  loadBalancerReady: 45_000,
  loadBalancerAttached: 15_000,
  loadBalancerDeleted: 10_000,
  /** How long the provider retries a deletion that a private network refuses. */
  privateNetworkRetry: 30_000,
  serverBooted: 10_000,
  serverStopped: 15_000,
  serverDeleted: 10_000,
  nicAvailable: 5_000,
  nicDeleted: 3_000,
  imageReady: 30_000,
  snapshotImported: 120_000,
} as const;
