import type { VmBlockDeviceMappings } from "@cdktf/provider-outscale/lib/vm";

/** In GB; a smaller gp2 is too slow for etcd: it gives 3 operations a second for each GB. */
export const defaultRootVolumeGb = 100;

/** A machine's disk, which goes with it. */
export function rootDisk(sizeInGb: number): VmBlockDeviceMappings[] {
  return [
    {
      deviceName: "/dev/sda1", // the API's name; the machine sees /dev/vda
      bsu: { volumeSize: sizeInGb, volumeType: "gp2", deleteOnVmDeletion: true },
    },
  ];
}
