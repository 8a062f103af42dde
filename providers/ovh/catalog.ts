import type { RegionInfo } from "../../constructs/cloud-info";
import type { DefaultMachineTypes } from "../resolve-machine-types";

/** What a region sells; each of those here has routers and load balancers. */
export interface Region {
  readonly zones: readonly string[];
  /** The oldest generation of machine types there. */
  readonly oldestGeneration: number;
}

/** The only zone of a region with one zone. */
export const onlyZone = "nova";
const oneZone: Region = { zones: [onlyZone], oldestGeneration: 1 };

/**
 * Regions (OVHcloud's documentation, 2026). The zones of those with three are a few kilometers apart, and
 * only the third generation is sold there.
 */
const known: ReadonlyMap<string, Region> = new Map(
  Object.entries({
    GRA9: oneZone,
    GRA11: oneZone,
    SBG5: oneZone,
    SBG7: oneZone,
    "RBX-A": oneZone,
    DE1: oneZone,
    UK1: oneZone,
    WAW1: oneZone,
    BHS5: oneZone,
    "CA-EAST-TOR": oneZone,
    SGP1: oneZone,
    SYD1: oneZone,
    "AP-SOUTH-MUM-1": oneZone,
    "EU-WEST-PAR": {
      zones: ["eu-west-par-a", "eu-west-par-b", "eu-west-par-c"],
      oldestGeneration: 3,
    },
    "EU-SOUTH-MIL": {
      zones: ["eu-south-mil-a", "eu-south-mil-b", "eu-south-mil-c"],
      oldestGeneration: 3,
    },
  }),
);

export const regions: readonly string[] = [...known.keys()];

/** Where its object store is: not by data center (OVHcloud's documentation, 2026). */
export const objectStoreRegions: readonly string[] = [
  ...["gra", "rbx", "sbg", "eu-west-par", "de", "uk", "waw", "eu-south-mil"],
  ...["bhs", "ca-east-tor", "sgp", "syd", "ap-south-mum"],
];

/** "EU-WEST-PAR" of "eu-west-par-b"; undefined for "nova", which every other region has. */
export function regionOf(zone: string): string | undefined {
  return regions.find((region) => zone !== onlyZone && zonesOf(region).includes(zone));
}

/** The zones of a region; none where there is no such region. */
export function zonesOf(region: string): readonly string[] {
  return known.get(region)?.zones ?? [];
}

export function hasThreeZones(region: string): boolean {
  return zonesOf(region).length > 1;
}

export const regionInfos: readonly RegionInfo[] = regions.map((name) => ({
  name,
  ...(hasThreeZones(name) ? { note: "three zones" } : {}),
  zones: zonesOf(name).map((zone) => ({ name: zone })),
}));

/** Whether a region sells machine types of a generation; an unknown region is assumed to. */
export function sellsGeneration(region: string, generation: number): boolean {
  return generation >= (known.get(region)?.oldestGeneration ?? 1);
}

/** What a flavor's name says: "b3-8" is generation 3 with 8 GB. */
export interface MachineType {
  /** 1000 MB each, as OVH counts. */
  readonly memoryGb: number;
  readonly generation: number;
}

/** OVH's general-purpose ranges (its catalogue, 2026): a name with the memory in it. */
export function machineType(name: string): MachineType | undefined {
  const numbers = /^(?:b|c|r|d|i|t|h|a|l)(\d)-(\d{1,4})(?:-flex)?$/.exec(name);
  if (numbers === null) return undefined;
  return { generation: Number(numbers[1]), memoryGb: Number(numbers[2]) };
}

/** For suggestions: sold in most regions, the smallest first. */
export const knownMachineTypes = [
  "d2-2",
  "d2-4",
  "c3-4",
  "b2-7",
  "b3-8",
  "c3-8",
  "d2-8",
  "b3-16",
  "c3-16",
  "b2-15",
  "b3-32",
];

export function defaultMachineTypes(region: string): DefaultMachineTypes {
  const bastion = sellsGeneration(region, 2) ? "d2-2" : "c3-4";
  return { controlPlane: "b3-8", worker: "b3-8", bastion };
}

export const defaultImageName = "talos";
export const defaultBastionImage = "Ubuntu 24.04";

/** A project's quota after its first raise (OVHcloud's documentation of 2025); a new project has less. */
export const firstRaise = { instances: 20, memoryGb: 430 };
