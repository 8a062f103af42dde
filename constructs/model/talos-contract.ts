import type { Version } from "./version";

/**
 * The newest contract that the pinned provider siderolabs/talos 0.11.0 renders and that the patches
 * are written for. A newer Talos boots with it.
 */
export const newestContractMinor = 13;

/**
 * The version contract of a cluster that is created with this Talos: the form of its machine
 * configurations. It stays with the cluster, in its machine secrets; the versions of image and
 * installer move on.
 * @returns "v1.13"
 */
export function contractOfNewCluster(talos: Version): string {
  return `v1.${Math.min(talos.minor, newestContractMinor)}`;
}

/**
 * A Talos older than the contract does not boot with its configurations.
 * @returns The minor of the newest contract that this Talos takes
 */
export function newestContractFor(talos: Version): number {
  return Math.min(talos.minor, newestContractMinor);
}
