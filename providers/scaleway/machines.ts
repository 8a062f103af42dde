import type { InstanceServerRootVolume } from "#bindings/scaleway/lib/instance-server";

/** A machine's disk: block storage, which is deleted with it. */
export function rootVolume(sizeInGb: number | undefined): InstanceServerRootVolume {
  return { volumeType: "sbs_volume", sizeInGb };
}
