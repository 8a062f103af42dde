import type { DistributionRequest, ResolvedPool } from "../constructs/cloud-provider";
import { type Location, zonesOfPool } from "./resolve-location";
import type { ResolvedMachineTypes } from "./resolve-machine-types";

/**
 * Each pool with what it does not set itself: the zones, the machine type and the disk of the
 * distribution's workers.
 * @param rootVolumeGb Of the distribution; undefined where the machine type determines the disk
 */
export function resolvePools(
  { pools }: DistributionRequest,
  location: Location,
  { poolMachineTypes, workerMachineType }: ResolvedMachineTypes,
  rootVolumeGb?: number,
): ResolvedPool[] {
  return pools.map((pool, index) => ({
    name: pool.name,
    zones: zonesOfPool(pool, location),
    machineType: poolMachineTypes[index] ?? workerMachineType,
    rootVolumeGb: pool.rootVolumeGb ?? rootVolumeGb,
  }));
}
