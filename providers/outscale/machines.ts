import type { VmBlockDeviceMappings } from "#bindings/outscale/lib/vm";

/** A machine's disk, which is deleted with it. */
export function rootDisk(sizeInGb: number): VmBlockDeviceMappings[] {
  return [
    {
      deviceName: "/dev/sda1", // the API's name; the machine sees /dev/vda
      bsu: { volumeSize: sizeInGb, volumeType: "gp2", deleteOnVmDeletion: true },
    },
  ];
}
