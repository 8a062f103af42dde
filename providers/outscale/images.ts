import { type ImageFacts, type ImagePart, largestObject } from "../../constructs/model/image-facts";
import { imageKey, snapshotName } from "../../constructs/model/image";
import { blocksOf } from "../../constructs/model/resource-values";

/** Images of a region (OMI), based on snapshots that are imported from an address. */
export const images: ImageFacts = {
  scope: "region",
  formats: ["qcow2", "raw"],
  largestFile: largestObject,
  remarks: [
    "The import into a snapshot can wait an hour in Outscale's queue; this waits for up to two.",
    "Stored and billed afterwards: the snapshot, by its size. The bucket of the upload is deleted.",
  ],
  rights: {
    outscale_snapshot: "CreateSnapshot, ReadSnapshots and DeleteSnapshot",
    outscale_image: "CreateImage, ReadImages and DeleteImage",
  },
  isUploadedByS3: true,
  owner: {
    source: "outscale_account",
    arguments: () => ({}),
    candidates: ({ account_id: id }) => [{ id: String(id) }],
  },
  byName: {
    source: "outscale_image",
    arguments: ({ attribute }) => ({
      filter: [
        { name: "account_ids", values: [attribute("owner")] },
        { name: "image_names", values: [attribute("name")] },
      ],
      most_recent: true,
    }),
    candidates: ({ image_id: id }) => [{ id: String(id) }],
    noneMessage: /your query returned no results/i,
  },
  parts: (image): readonly ImagePart[] => {
    const snapshot = `outscale_snapshot.${imageKey(image)}`;
    return [
      {
        address: snapshot,
        kind: "snapshot",
        title: `snapshot in ${image.region}`,
        attributes: { description: snapshotName(image) },
        lookUp: {
          source: "outscale_snapshots",
          arguments: ({ attribute }) => ({
            filter: [
              { name: "account_ids", values: [attribute("owner")] },
              { name: "descriptions", values: [attribute("description")] },
            ],
          }),
          candidates: ({ snapshots }) =>
            blocksOf(snapshots).map(({ snapshot_id: id, state }) => ({
              id: String(id),
              hasFailed: state === "error",
              isPending: state !== "completed" && state !== "error",
            })),
          noneMessage: /your query returned no results/i,
        },
      },
      {
        address: `outscale_image.${imageKey(image)}`,
        kind: "image",
        title: `image in ${image.region}`,
        place: image.region,
        attributes: { name: image.name },
        snapshot,
        lookUp: {
          ...images.byName,
          // Only what is based on its own snapshot.
          candidates: ({ image_id: id, block_device_mappings: mappings }, { attribute }) =>
            blocksOf(mappings)
              .flatMap(({ bsu }) => blocksOf(bsu))
              .some(({ snapshot_id: root }) => root === attribute("snapshot"))
              ? [{ id: String(id) }]
              : [],
        },
      },
    ];
  },
};
