import { BlockSnapshot } from "#bindings/scaleway/lib/block-snapshot";
import { InstanceImage } from "#bindings/scaleway/lib/instance-image";
import { ObjectBucket } from "#bindings/scaleway/lib/object-bucket";
import { ObjectResource } from "#bindings/scaleway/lib/object-resource";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ImageProps, ImageUpload } from "../../constructs/cloud-provider";
import {
  imageKey,
  imageKeyIn,
  type ImageRecord,
  snapshotName,
  uploadOf,
} from "../../constructs/model/image";
import { literal } from "../../constructs/template";
import { platform } from "./images";

/**
 * In each zone a block snapshot, imported from a bucket, and an image of it. The bucket exists for
 * the import alone; that its names are literal lets it go without a change of the snapshot.
 */
export function createImage(
  scope: Construct,
  { image, record, isProtected, upload }: ImageProps,
): void {
  const uploaded = upload === undefined ? [] : createUpload(scope, image, record, upload);
  for (const zone of image.places) {
    const part = new Construct(scope, imageKeyIn(image, zone));
    const snapshot = new BlockSnapshot(part, "snapshot", {
      name: literal(snapshotName(image)),
      zone,
      import: uploadOf(image, platform),
      timeouts: { create: "60m" }, // the provider's default is five minutes
      dependsOn: [record, ...uploaded],
      lifecycle: { preventDestroy: isProtected, ignoreChanges: ["import"] },
    });
    new InstanceImage(part, "image", {
      name: literal(image.name),
      architecture: "x86_64",
      rootVolumeId: snapshot.id,
      zone,
      public: false,
      timeouts: { create: "60m" },
      lifecycle: { preventDestroy: isProtected },
    });
  }
}

function createUpload(
  scope: Construct,
  image: ImageRecord,
  record: ITerraformDependable,
  { file }: ImageUpload,
): ITerraformDependable[] {
  const part = new Construct(scope, imageKey(image));
  const { bucket: name, key } = uploadOf(image, platform);
  const { region } = image;
  const bucket = new ObjectBucket(part, "bucket", {
    name,
    region,
    forceDestroy: true,
    dependsOn: [record],
  });
  if (file === undefined) return [bucket];
  const object = new ObjectResource(part, "object", {
    bucket: bucket.name,
    key,
    region,
    file: literal(file),
    timeouts: { create: "60m" }, // the provider's default is ten minutes
  });
  return [object];
}
