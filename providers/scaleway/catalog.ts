import type { RegionInfo } from "../../constructs/cloud-info";
import type { DefaultMachineTypes } from "../resolve-machine-types";

/** Requirements of a cluster that not every zone sells. */
export type Product =
  | "publicGateway"
  | "loadBalancer"
  /** Every node's disk. */
  | "blockStorage"
  /** Machine types that are not in every zone. */
  | "everyMachineType";

export interface Zone {
  readonly region: string;
  /** Not sold here. */
  readonly lacks: readonly Product[];
}

/** Every zone (documentation, 2026), and what it does not sell (the SDK's zone lists). */
export const zones: ReadonlyMap<string, Zone> = new Map(
  Object.entries({
    "fr-par-1": { region: "fr-par", lacks: [] },
    "fr-par-2": { region: "fr-par", lacks: [] },
    "fr-par-3": {
      region: "fr-par",
      lacks: ["publicGateway", "loadBalancer", "everyMachineType"],
    },
    "nl-ams-1": { region: "nl-ams", lacks: [] },
    "nl-ams-2": { region: "nl-ams", lacks: [] },
    "nl-ams-3": { region: "nl-ams", lacks: [] },
    "pl-waw-1": { region: "pl-waw", lacks: [] },
    "pl-waw-2": { region: "pl-waw", lacks: [] },
    "pl-waw-3": { region: "pl-waw", lacks: [] },
    "it-mil-1": { region: "it-mil", lacks: ["loadBalancer", "blockStorage"] },
  } satisfies Readonly<Record<string, Zone>>),
);

export const regions: readonly string[] = [
  ...new Set([...zones.values()].map(({ region }) => region)),
];

/** "fr-par" of "fr-par-2"; undefined when there is no such zone. */
export function regionOf(zone: string): string | undefined {
  return zones.get(zone)?.region;
}

/** The zones of a region; none where there is no such region. */
export function zonesOf(region: string): readonly string[] {
  return [...zones].flatMap(([name, zone]) => (zone.region === region ? [name] : []));
}

/** Whether a zone sells all of these; an unknown zone is assumed to. */
export function sells(zone: string, ...products: readonly Product[]): boolean {
  const lacks = zones.get(zone)?.lacks ?? [];
  return !products.some((product) => lacks.includes(product));
}

/** Zones where nodes can be: their disks are block storage. */
export const regionInfos: readonly RegionInfo[] = regions
  .map((name) => ({
    name,
    zones: zonesOf(name)
      .filter((zone) => sells(zone, "blockStorage"))
      .map((zone) =>
        sells(zone, "publicGateway", "loadBalancer")
          ? { name: zone }
          : { name: zone, note: "nodes only: no gateway, load balancer or bastion" },
      ),
  }))
  .filter(({ zones: offered }) => offered.length > 0);

export interface MachineType {
  readonly memoryGib: number;
  readonly architecture: "x86_64" | "arm64";
  /** Sold also in zones that lack "everyMachineType". */
  readonly isEverywhere: boolean;
}

const x86 = (memoryGib: number, isEverywhere = false): MachineType => ({
  memoryGib,
  architecture: "x86_64",
  isEverywhere,
});
const arm = (memoryGib: number): MachineType => ({
  memoryGib,
  architecture: "arm64",
  isEverywhere: false,
});

/** Known machine types of Scaleway (its catalogue, recorded in 2026); others may exist. */
export const machineTypes: ReadonlyMap<string, MachineType> = new Map(
  Object.entries({
    "STARDUST1-S": x86(1),
    "DEV1-S": x86(2),
    "DEV1-M": x86(4),
    "DEV1-L": x86(8),
    "DEV1-XL": x86(12),
    "PLAY2-PICO": x86(2),
    "PLAY2-NANO": x86(4),
    "PLAY2-MICRO": x86(8),
    "BASIC3-X2C-4G": x86(4),
    "GP1-XS": x86(16),
    "PRO2-XXS": x86(8, true),
    "PRO2-XS": x86(16, true),
    "PRO2-S": x86(32, true),
    "PRO2-M": x86(64, true),
    "PRO2-L": x86(128, true),
    "POP2-HC-2C-4G": x86(4, true),
    "POP2-2C-8G": x86(8, true),
    "POP2-4C-16G": x86(16, true),
    "BASIC2-A2C-4G": arm(4),
    "BASIC2-A4C-8G": arm(8),
  }),
);

/** Whether a machine type is sold in a zone. */
export function isSoldIn(zone: string, type: MachineType): boolean {
  return type.isEverywhere || sells(zone, "everyMachineType");
}

export function defaultMachineTypes(nodeZones: readonly string[]): DefaultMachineTypes {
  return nodeZones.every((zone) => sells(zone, "everyMachineType"))
    ? { controlPlane: "DEV1-M", worker: "DEV1-L", bastion: "DEV1-S" }
    : { controlPlane: "PRO2-XXS", worker: "PRO2-XXS", bastion: "DEV1-S" };
}

export const defaultImageName = "talos";
export const defaultBastionImage = "ubuntu_noble";
/** In GB. */
export const defaultRootVolumeGb = 20;
/** In GB: an Ubuntu cloud image needs at least 10. */
export const bastionRootVolumeGb = 10;

export interface Quota {
  /** With a payment method only. */
  readonly newAccount: number;
  /** With a verified identity as well. */
  readonly verified: number;
}

/** How many machines of a type an organization may have (Scaleway's documentation of 2024). */
export const quotas: ReadonlyMap<string, Quota> = new Map(
  Object.entries({
    "DEV1-S": { newAccount: 10, verified: 20 },
    "DEV1-M": { newAccount: 8, verified: 15 },
    "DEV1-L": { newAccount: 5, verified: 10 },
    "PLAY2-PICO": { newAccount: 10, verified: 15 },
    "PLAY2-NANO": { newAccount: 5, verified: 10 },
    "PLAY2-MICRO": { newAccount: 3, verified: 5 },
    "GP1-XS": { newAccount: 1, verified: 4 },
    "PRO2-XXS": { newAccount: 1, verified: 5 },
    "PRO2-XS": { newAccount: 0, verified: 4 },
    "POP2-2C-8G": { newAccount: 1, verified: 5 },
  }),
);
