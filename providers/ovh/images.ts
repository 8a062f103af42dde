import { byImport, type ImageFacts } from "../../constructs/model/image-facts";
import { imageKey } from "../../constructs/model/image";

/** Talos's own minimum. */
export const minRamMb = 2048;

/** Images of a region, which its image service (Glance) stores. */
export const images: ImageFacts = {
  scope: "region",
  formats: ["qcow2", "raw"],
  remarks: [
    "The upload takes as long as your line takes for the file; the image is ready a minute later.",
    "Stored and billed afterwards: the image, by its size.",
  ],
  rights: { openstack_images_image_v2: "the role image_operator, or administrator" },
  owner: {
    source: "openstack_identity_auth_scope_v3",
    arguments: () => ({ name: "account" }),
    candidates: ({ project_id: id }) => [{ id: String(id) }],
  },
  // By owner: what others share with the project is not its own.
  byName: {
    source: "openstack_images_image_v2",
    arguments: ({ attribute }) => ({
      name: attribute("name"),
      owner: attribute("owner"),
      region: attribute("place"),
      most_recent: true,
    }),
    candidates: ({ id }) => [{ id: String(id) }],
    noneMessage: /Your query returned no results/,
  },
  parts: (image) => [
    {
      address: `openstack_images_image_v2.${imageKey(image)}`,
      kind: "image",
      title: `image in ${image.region}`,
      place: image.region,
      attributes: {},
      lookUp: byImport(
        "openstack_images_image_v2",
        image.label,
        { name: image.name, container_format: "bare", disk_format: image.format },
        // "queued" or "saving": no upload continues an interrupted one.
        ({ status }) => status !== "active",
      ),
    },
  ],
};
