/**
 * Images: OVHcloud's own, which are not stored, and those that a user has uploaded to a region,
 * beforehand or as a resource.
 */
import { existsSync, statSync } from "node:fs";
import { Refusal, type CallContext, type Values } from "../../protocol/model";
import { platformIn } from "../image-content";
import { isTrue, mapOf, numberOf, stringOf } from "../values";
import type { Account } from "./account";
import { DURATION, PUBLIC_IMAGES } from "./catalogue";
import { atLeast, oneOf, uuid } from "./checks";
import { imageError } from "./errors";
import { OPERATOR_PROJECT, OTHER_PROJECT, hexOf, uuidOf } from "./ids";
import type { Image } from "./objects";
import type { Kind } from "./resource";

/** An image that a user has uploaded beforehand. */
export interface SeededImage {
  readonly name: string;
  /** @default - one in every region */
  readonly region?: string;
  /** The platform that Talos was built for: "openstack", "nocloud", "metal", … @default "openstack" */
  readonly platform?: string;
  /** @default 10 */
  readonly minDiskGB?: number;
  /** @default 2048 */
  readonly minRamMB?: number;
}

/**
 * For each, one of the same name, newer, that another project shares with this one: a machine
 * booted from it finds no configuration.
 */
export function seedImages(
  account: Account,
  images: readonly SeededImage[],
  lookalikes: boolean,
): void {
  if (account.images.all().length > 0) return;
  for (const image of images)
    for (const region of image.region ? [image.region] : Object.keys(account.limits.regions)) {
      const own: Image = {
        ...account.newObject(region, { name: image.name }),
        ...FILE,
        id: uuidOf(`image ${region} ${image.name}`),
        platform: image.platform ?? "openstack",
        minDiskGB: image.minDiskGB ?? 10,
        minRamMB: image.minRamMB ?? 2048,
      };
      account.images.put(own);
      if (!lookalikes || !("name" in image)) continue;
      account.images.put({
        ...own,
        ...account.newObject(region, { name: image.name }, OTHER_PROJECT),
        id: uuidOf(`shared image ${region} ${image.name}`),
        createdAt: "2099-01-01T00:00:00Z",
        visibility: "shared",
        platform: "metal",
      });
    }
}

const FILE = {
  visibility: "private",
  diskFormat: "raw",
  containerFormat: "bare",
  sizeBytes: 1_306_525_696,
  protected: false,
  hidden: false,
  properties: {},
};

/** The project's own and the public ones. */
export function allImages(account: Account, region: string): Image[] {
  const own = account.images.all().filter((image) => image.region === region);
  return [
    ...own,
    ...PUBLIC_IMAGES.map(({ name, minDiskGB }) => publicImage(region, name, minDiskGB)),
  ];
}

const PUBLISHED = "2026-01-02T03:04:05Z";

function publicImage(region: string, name: string, minDiskGB: number): Image {
  return {
    ...FILE,
    id: uuidOf(`public image ${region} ${name}`),
    region,
    projectId: OPERATOR_PROJECT,
    name,
    description: "",
    tags: [],
    adminStateUp: true,
    createdAt: PUBLISHED,
    updatedAt: PUBLISHED,
    sequence: 0,
    readyAt: 0,
    visibility: "public",
    platform: "cloud-init",
    minDiskGB,
    minRamMB: 0,
  };
}

export function image(account: Account): Kind<Image> {
  return {
    type: account.images.kind,
    objects: account.images,
    service: "image",
    path: "v2/images",
    messages: {
      create: () => "Error creating Image",
      update: () => "Error updating image",
      delete: ({ id }) => `Error deleting Image ${stringOf(id)}`,
    },
    requests: { update: ({ id }) => `PATCH v2/images/${stringOf(id)}` },
    replacedBy: [
      ...["container_format", "disk_format", "image_id", "image_source_url"],
      ...["local_file_path", "decompress"],
    ],
    defaults: {
      min_disk_gb: 0,
      min_ram_mb: 0,
      protected: false,
      hidden: false,
      visibility: "private",
    },
    checks: {
      values: {
        container_format: oneOf(
          ...["bare", "ovf", "aki", "ari", "ami", "ova", "docker", "compressed"],
        ),
        disk_format: oneOf(
          ...["raw", "vhd", "vhdx", "vmdk", "vdi", "iso", "ploop", "qcow2", "aki", "ari", "ami"],
        ),
        visibility: oneOf("public", "private", "shared", "community"),
        image_id: uuid,
        min_disk_gb: atLeast(0),
        min_ram_mb: atLeast(0),
      },
      conflicts: {
        image_source_url: ["local_file_path"],
        image_source_username: ["local_file_path"],
        image_source_password: ["local_file_path"],
        local_file_path: ["image_source_url", "web_download"],
        verify_checksum: ["web_download"],
        web_download: ["local_file_path", "verify_checksum", "decompress"],
        decompress: ["web_download"],
      },
    },
    timeouts: { create: 30 },
    isKnownEarly: true,

    create(planned, { region }) {
      const source = stringOf(planned.local_file_path) ?? stringOf(planned.image_source_url);
      if (stringOf(planned.visibility) === "public")
        throw imageError(403, "You are not authorized to complete publicize_image action.");
      const base = account.newObject(region, planned);
      const id = stringOf(planned.image_id) ?? base.id;
      // Glance keeps the ids of deleted images.
      if (account.images.get(id) !== undefined || account.deletedImages.has(id))
        throw imageError(409, `Image ID ${id} already exists!`);
      return {
        ...base,
        ...FILE,
        ...settingsOf(planned),
        id,
        isUploaded: false,
        sizeBytes:
          source !== undefined && existsSync(source) ? statSync(source).size : FILE.sizeBytes,
        name: stringOf(planned.name) ?? "",
        diskFormat: stringOf(planned.disk_format) ?? "",
        containerFormat: stringOf(planned.container_format) ?? "",
        platform: platformIn(source ?? "") ?? platformInName(source ?? ""),
      };
    },

    async finish(object, planned, context: CallContext) {
      if (!stringOf(planned.local_file_path) && !stringOf(planned.image_source_url))
        throw new Refusal("Error opening file for Image: Error in config. no file specified");
      await context.wait(DURATION.imageUploaded);
      object.isUploaded = true;
      account.touch(object);
    },

    show: (object) => ({
      image_id: object.id,
      owner: object.projectId,
      status: isActive(object) ? "active" : "queued",
      disk_format: object.diskFormat,
      container_format: object.containerFormat,
      min_disk_gb: object.minDiskGB,
      min_ram_mb: object.minRamMB,
      protected: object.protected,
      hidden: object.hidden,
      visibility: object.visibility,
      ...shownFile(object),
      properties: object.properties,
    }),

    update(object, planned) {
      Object.assign(object, settingsOf(planned));
    },

    /** Servers created from it keep running. */
    delete(object) {
      if (object.protected)
        throw imageError(403, `Image ${object.id} is protected and cannot be deleted.`);
      account.deletedImages.add(object.id);
      account.images.remove(object.id);
    },
  };
}

export function isActive({ isUploaded }: Image): boolean {
  return isUploaded !== false;
}

/** The attributes that data source and resource have in common. */
export function shownFile(object: Image): Values {
  return {
    checksum: hexOf(`checksum ${object.id}`),
    size_bytes: object.sizeBytes,
    metadata: {},
    created_at: object.createdAt,
    updated_at: object.updatedAt,
    file: `/v2/images/${object.id}/file`,
    schema: "/v2/schemas/image",
  };
}

function settingsOf(planned: Values) {
  return {
    minDiskGB: numberOf(planned.min_disk_gb) ?? 0,
    minRamMB: numberOf(planned.min_ram_mb) ?? 0,
    protected: isTrue(planned.protected),
    hidden: isTrue(planned.hidden),
    visibility: stringOf(planned.visibility) ?? "private",
    properties: mapOf(planned.properties),
  };
}

/** The image factory names the platform in the file name. */
function platformInName(source: string): string {
  const platforms = [
    "nocloud",
    "metal",
    "aws",
    "scaleway",
    "vmware",
    "azure",
    "gcp",
    "equinixMetal",
  ];
  return platforms.find((platform) => source.includes(`${platform}-`)) ?? "openstack";
}
