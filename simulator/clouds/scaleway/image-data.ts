/** The data sources of images: the account's by name or id, the marketplace's by label. */
import { Refusal, type DataSourceModel, type Values } from "../../protocol/model";
import type { Account } from "./account";
import { oneOf } from "../checks";
import { validateWith } from "./checks";
import { notFound } from "./errors";
import { bareId } from "./ids";
import { marketplaceImage } from "./image";
import type { Image } from "./objects";
import { stringOf } from "../values";

export function imageData(account: Account): DataSourceModel {
  return {
    validate: (config) =>
      validateWith(
        {
          conflicts: [
            ["name", "image_id"],
            ["architecture", "image_id"],
            ["latest", "image_id"],
          ],
        },
        config,
        "zone",
      ),
    read(config) {
      const id = stringOf(config.image_id);
      const zone =
        (id?.includes("/") ? id.split("/")[0] : undefined) ??
        stringOf(config.zone) ??
        account.defaults.zone;
      const found = id === undefined ? byName(account, config, zone) : byId(account, id, zone);
      return { ...config, ...shown(account, found), latest: config.latest ?? true };
    },
  };
}

/** The newest of that name; when a project is configured, only one of that project matches. */
function byName(account: Account, config: Values, zone: string): Image {
  const name = stringOf(config.name) ?? "";
  const architecture = stringOf(config.architecture) ?? "x86_64";
  const project = stringOf(config.project_id);
  const matching = account.images
    .all()
    .filter(
      (image) =>
        image.locality === zone &&
        image.name === name &&
        image.architecture === architecture &&
        (project === undefined || image.projectId === project),
    )
    .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt) || b.sequence - a.sequence);
  const words = `name ${name} and architecture ${architecture} in zone ${zone}`;
  const [newest] = matching;
  if (newest === undefined) throw new Refusal(`no image found with the ${words}`);
  if (matching.length > 1 && config.latest === false)
    throw new Refusal(`${matching.length} images found with the same ${words}`);
  return newest;
}

function byId(account: Account, id: string, zone: string): Image {
  const found = account.images.get(`${zone}/${bareId(id)}`);
  if (found === undefined) throw notFound("instance_image", bareId(id));
  return found;
}

function shown(account: Account, image: Image): Values {
  return {
    id: image.id,
    image_id: image.id,
    zone: image.locality,
    name: image.name,
    architecture: image.architecture,
    organization_id: account.organizationId,
    project_id: image.projectId,
    creation_date: image.createdAt,
    modification_date: image.updatedAt,
    public: image.public,
    from_server_id: "",
    state: "available",
    default_bootscript_id: "",
    root_volume_id: bareId(image.rootVolume),
    additional_volume_ids: [],
  };
}

export function marketplaceData(account: Account): DataSourceModel {
  return {
    validate: (config) =>
      validateWith(
        { values: { image_type: oneOf("instance_local", "instance_sbs") } },
        config,
        "zone",
      ),
    read(config) {
      const zone = stringOf(config.zone) ?? account.defaults.zone;
      const label = stringOf(config.label) ?? "";
      const found = marketplaceImage(account, label, zone);
      if (found === undefined) throw notFound("local_image", label);
      return {
        ...config,
        id: found.id,
        zone,
        image_type: config.image_type ?? "instance_local",
        instance_type: config.instance_type ?? "DEV1-S",
      };
    },
  };
}
