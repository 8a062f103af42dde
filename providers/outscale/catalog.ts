import type { RegionInfo } from "../../constructs/cloud-info";
import type { DefaultMachineTypes } from "../resolve-machine-types";

/**
 * Outscale's regions (documentation, 2026). Their subregions are not listed: the available letters
 * differ between accounts, as does the site that a letter means. Each sells everything used here.
 */
export const regions: readonly string[] = [
  "eu-west-2",
  "cloudgouv-eu-west-1",
  "us-east-2",
  "us-west-1",
  "ap-northeast-1",
];

export const regionInfos: readonly RegionInfo[] = regions.map((name) => ({ name }));

/** "eu-west-2" of "eu-west-2b"; undefined when no region has it. */
export function regionOf(zone: string): string | undefined {
  return regions.find((region) => isZoneOf(region, zone));
}

/** A region and a letter: only the format can be checked. */
export function isZoneOf(region: string, zone: string): boolean {
  return zone.startsWith(region) && /^[a-z]$/.test(zone.slice(region.length));
}

/** What a type's name says: "tinav6.c4r8p1" has 4 cores and 8 GiB of the sixth generation, fastest. */
export interface MachineType {
  readonly memoryGib: number;
}

/** Outscale's own names; there are Amazon's as aliases too, which say nothing. */
export function machineType(name: string): MachineType | undefined {
  const numbers = /^tinav\d+\.c\d+r(\d+)(?:p[123])?$/.exec(name);
  return numbers === null ? undefined : { memoryGib: Number(numbers[1]) };
}

/** "t2.small", "m5.xlarge" */
export function isAlias(name: string): boolean {
  return /^[a-z]\d[a-z]?\.(?:nano|micro|small|medium|(?:\d+)?x?large)$/.test(name);
}

export const defaultMachineTypes: DefaultMachineTypes = {
  controlPlane: "tinav6.c4r8p1",
  worker: "tinav6.c4r8p2",
  bastion: "tinav6.c1r1p2",
};

/** An image's id; Outscale calls an image an OMI. */
export const imageId = /^ami-[0-9a-f]{8}$/;
export const defaultImageName = "talos";
export const defaultBastionImage = "Ubuntu-24.04-*";
/** In GB; a smaller gp2 is too slow for etcd: it has 3 operations per second for each GB. */
export const defaultRootVolumeGb = 100;
/** In GB: an Ubuntu cloud image needs at least 10. */
export const bastionRootVolumeGb = 10;

/** A load balancer's name is its id, and at most 32 characters (API description). */
const longestLoadBalancerName = 32;
const suffix = "-api";

export function loadBalancerName(clusterName: string): string {
  return clusterName + suffix;
}

export const longestClusterName = longestLoadBalancerName - suffix.length;

/** A deleted object still exists for minutes; the provider retries this long. */
export const slowDeletion = { delete: "15m" };
