import { Image } from "#bindings/outscale/lib/image";
import { Snapshot } from "#bindings/outscale/lib/snapshot";
import { Construct } from "constructs";
import type { ImageProps } from "../../constructs/cloud-provider";
import { imageKey, snapshotName } from "../../constructs/model/image";
import { literal } from "../../constructs/template";

/** A snapshot, imported from an address that the file was uploaded to, and an image of it. */
export function createImage(
  scope: Construct,
  { image, record, isProtected, upload }: ImageProps,
): void {
  const part = new Construct(scope, imageKey(image));
  const snapshot = new Snapshot(part, "snapshot", {
    description: literal(snapshotName(image)),
    fileLocation: upload?.url === undefined ? undefined : literal(upload.url),
    snapshotSize: image.sizeGb * 2 ** 30, // required
    timeouts: { create: "120m" }, // imports wait in a queue
    dependsOn: [record],
    lifecycle: {
      preventDestroy: isProtected,
      // What an import does not read, and the address has expired by then.
      ignoreChanges: ["file_location", "snapshot_size"],
    },
  });
  new Image(part, "image", {
    imageName: literal(image.name),
    description: literal(snapshotName(image)),
    architecture: "x86_64",
    rootDeviceName: "/dev/sda1",
    blockDeviceMappings: [
      { deviceName: "/dev/sda1", bsu: [{ snapshotId: snapshot.snapshotId, volumeType: "gp2" }] },
    ],
    timeouts: { create: "60m" },
    // Of the volume the cloud returns more than was configured.
    lifecycle: { preventDestroy: isProtected, ignoreChanges: ["block_device_mappings"] },
  });
}
