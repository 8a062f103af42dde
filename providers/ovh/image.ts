import { ImagesImageV2 } from "#bindings/openstack/lib/images-image-v2";
import { Construct } from "constructs";
import type { ImageProps } from "../../constructs/cloud-provider";
import { imageKey } from "../../constructs/model/image";
import { literal } from "../../constructs/template";
import { minRamMb } from "./images";

/** A Glance image, uploaded by the provider. Its id is chosen here, so that an interrupted upload is found by it. */
export function createImage(
  scope: Construct,
  { image, record, isProtected, upload }: ImageProps,
): void {
  new ImagesImageV2(new Construct(scope, imageKey(image)), "image", {
    name: literal(image.name),
    imageId: image.label,
    region: image.region,
    containerFormat: "bare",
    diskFormat: image.format,
    minDiskGb: image.sizeGb,
    minRamMb,
    visibility: "private",
    localFilePath: upload?.file === undefined ? undefined : literal(upload.file),
    timeouts: { create: "60m" },
    dependsOn: [record],
    lifecycle: {
      preventDestroy: isProtected,
      // What an import does not read, or what is gone after the upload.
      ignoreChanges: ["local_file_path", "image_id", "image_cache_path", "verify_checksum"],
    },
  });
}
