import {
  byImport,
  type ImageFacts,
  type ImagePart,
  largestObject,
} from "../../constructs/model/image-facts";
import { imageKey, imageKeyIn, snapshotName, uploadOf } from "../../constructs/model/image";

export const platform = "nocloud";

/** Images of a zone, based on block snapshots that are imported from a bucket of the region. */
export const images: ImageFacts = {
  scope: "zone",
  formats: ["qcow2"],
  largestFile: largestObject,
  remarks: [
    "The import into a block snapshot takes minutes in each zone, at most an hour.",
    "Stored and billed afterwards: a snapshot in each zone, by its size. The bucket of the upload is deleted.",
  ],
  rights: {
    scaleway_object_bucket: "ObjectStorageFullAccess",
    scaleway_object: "ObjectStorageFullAccess",
    scaleway_block_snapshot: "BlockStorageFullAccess and ObjectStorageObjectsRead",
    scaleway_instance_image: "InstancesFullAccess",
  },
  // Of an import, after five minutes, whatever its timeouts say.
  stillCreating: /waiting for snapshot failed:\s+timeout/,
  owner: {
    source: "scaleway_account_project",
    arguments: () => ({}),
    candidates: ({ project_id: id }) => [{ id: String(id) }],
  },
  byName: {
    source: "scaleway_instance_image",
    arguments: ({ attribute }) => ({
      name: attribute("name"),
      architecture: "x86_64",
      zone: attribute("place"),
      project_id: attribute("owner"),
    }),
    candidates: ({ id, project_id: owner }, { attribute }) =>
      owner === attribute("owner") ? [{ id: String(id) }] : [],
    noneMessage: /no image found/,
  },
  parts: (image): readonly ImagePart[] => {
    const { bucket } = uploadOf(image, platform);
    const { region } = image;
    const bucketId = `${region}/${bucket}`;
    return [
      {
        address: `scaleway_object_bucket.${imageKey(image)}`,
        kind: "upload",
        title: `bucket in ${region}`,
        attributes: {},
        lookUp: {
          ...byImport("scaleway_object_bucket", bucketId, { name: bucket }),
          // The provider imports one that does not exist, too, and shows nothing but its name.
          candidates: ({ endpoint }) =>
            typeof endpoint === "string" && endpoint !== "" ? [{ id: bucketId }] : [],
        },
      },
      {
        address: `scaleway_object.${imageKey(image)}`,
        kind: "upload",
        title: "the file in it",
        attributes: {},
      },
      ...image.places.flatMap((zone): ImagePart[] => {
        const name = imageKeyIn(image, zone);
        const snapshot = `scaleway_block_snapshot.${name}`;
        return [
          {
            address: snapshot,
            kind: "snapshot",
            title: `snapshot in ${zone}`,
            attributes: { name: snapshotName(image), place: zone },
            lookUp: {
              source: "scaleway_block_snapshot",
              arguments: ({ attribute }) => ({
                name: attribute("name"),
                zone: attribute("place"),
                project_id: attribute("owner"),
              }),
              candidates: ({ id }) => [{ id: String(id) }],
              noneMessage: /no snapshot found/,
            },
          },
          {
            address: `scaleway_instance_image.${name}`,
            kind: "image",
            title: `image in ${zone}`,
            place: zone,
            attributes: { name: image.name, place: zone },
            snapshot,
            lookUp: {
              ...images.byName,
              // Only what is based on its own snapshot.
              candidates: ({ id, root_volume_id: root }, { attribute }) =>
                isSame(root, attribute("snapshot")) ? [{ id: String(id) }] : [],
            },
          },
        ];
      }),
    ];
  },
};

/** With or without its zone. */
function isSame(id: unknown, other: string | undefined): boolean {
  return typeof id === "string" && id.split("/").at(-1) === other?.split("/").at(-1);
}
