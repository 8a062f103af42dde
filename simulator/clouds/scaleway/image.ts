/**
 * Images: the account's own (made from a snapshot, or imported beforehand) and
 * the marketplace's labels. All are zonal.
 */
import { randomUUID } from "node:crypto";
import type { Account } from "./account";
import { DURATION, ZONES } from "./catalogue";
import { oneOf } from "../checks";
import { localizedUuid } from "./checks";
import { notFound } from "./errors";
import { bareId } from "./ids";
import type { Image, Platform } from "./objects";
import type { Kind } from "./resource";
import { isTrue, textOf, textsOf } from "../values";

/** An image that was imported into the account before anything is applied. */
export interface SeededImage {
  readonly name: string;
  /** @default every zone */
  readonly zones?: readonly string[];
  /** A uuid that stays the same, the same one in each zone. @default - random, kept in the store */
  readonly id?: string;
  /** @default "x86_64" */
  readonly architecture?: string;
  /** How the system in it looks for its configuration. @default "nocloud", as Talos needs it here */
  readonly platform?: Platform;
}

export const MARKETPLACE_LABELS = ["ubuntu_noble", "ubuntu_jammy"] as const;

/** A project of somebody else's. */
const STRANGER = "0badcafe-0000-4000-8000-000000000000";

/**
 * Imports the images that are not there yet. A stranger has published one of each name, and newer:
 * what boots it finds no configuration.
 */
export function seedImages(
  account: Account,
  seeds: readonly SeededImage[],
  strangers: boolean,
): void {
  for (const seed of seeds)
    for (const zone of seed.zones ?? ZONES) {
      const there = account.images
        .all()
        .some(({ name, locality }) => name === seed.name && locality === zone);
      if (there) continue;
      const put = (owner: Partial<Image>, platform: Platform) => {
        account.images.put({
          ...account.newObject(zone, { ...seed, ...owner }, "image"),
          architecture: seed.architecture ?? "x86_64",
          rootVolume: account.newObject(zone, {}, "snapshot").id,
          rootVolumeType: "sbs_snapshot",
          sizeGB: 10,
          platform,
          public: false,
          ...owner,
        });
      };
      put({}, seed.platform ?? "nocloud");
      if (!strangers || !("name" in seed)) continue;
      const later = "2099-01-01T00:00:00Z";
      const stranger = { projectId: STRANGER, id: randomUUID(), public: true };
      put(
        { ...stranger, id: `${zone}/${stranger.id}`, createdAt: later, updatedAt: later },
        "other",
      );
    }
}

export function image(account: Account): Kind<Image> {
  return {
    objects: account.images,
    locality: "zone",
    product: "instance",
    shortName: "image",
    replacedBy: ["root_volume_id"],
    defaults: { architecture: "x86_64", public: false },
    sameLocality: ["root_volume_id", "additional_volume_ids"],
    checks: {
      values: {
        root_volume_id: localizedUuid,
        additional_volume_ids: localizedUuid,
        architecture: oneOf("x86_64", "arm", "arm64"),
      },
    },

    create(planned, zone) {
      const snapshot = account.snapshots.find(textOf(planned.root_volume_id) ?? "", zone);
      account.checkReady(snapshot, "snapshot");
      return {
        ...account.newObject(
          zone,
          {
            name: textOf(planned.name),
            tags: textsOf(planned.tags),
            projectId: textOf(planned.project_id),
          },
          "image",
        ),
        architecture: textOf(planned.architecture) ?? "x86_64",
        rootVolume: snapshot.id,
        rootVolumeType: "sbs_snapshot",
        sizeGB: snapshot.sizeGB,
        platform: snapshot.platform,
        public: isTrue(planned.public),
      };
    },

    finish: (object, _planned, context) => account.settle(object, DURATION.imageReady, context),

    show: (object) => ({
      root_volume_id: object.rootVolume,
      architecture: object.architecture,
      public: object.public,
      creation_date: object.createdAt,
      modification_date: object.updatedAt,
      from_server_id: "",
      state: account.isReady(object) ? "available" : "creating",
      root_volume: [
        {
          id: object.rootVolume,
          name: "",
          size: object.sizeGB,
          volume_type: object.rootVolumeType,
        },
      ],
      additional_volumes: [],
    }),

    update(object, planned) {
      object.public = isTrue(planned.public);
    },

    // Servers made from it go on running.
    delete: () => undefined,
  };
}

/**
 * The image that a server is made from.
 * @param reference An id with or without its zone, or a marketplace label ("-" reads as "_").
 * @throws Refusal 404 for an id that the account does not have in that zone.
 */
export function imageFor(account: Account, reference: string, zone: string): Image | undefined {
  const label = marketplaceImage(account, reference, zone);
  if (label !== undefined) return label;
  const found = account.images.get(`${zone}/${bareId(reference)}`);
  const elsewhere = reference.includes("/") && !reference.startsWith(`${zone}/`);
  if (found === undefined || elsewhere) throw notFound("instance_image", bareId(reference));
  return found;
}

/** A label's image; undefined when there is no such label. It belongs to nobody's account. */
export function marketplaceImage(account: Account, label: string, zone: string): Image | undefined {
  const name = bareId(label).replaceAll("-", "_");
  const place = MARKETPLACE_LABELS.findIndex((known) => known === name);
  if (place < 0) return undefined;
  const zonePart = ZONES.findIndex((known) => known === zone)
    .toString(16)
    .padStart(4, "0");
  return {
    id: `${zone}/a0a0a0a0-000${place}-4000-8000-00000000${zonePart}`,
    locality: zone,
    projectId: account.organizationId,
    name,
    tags: [],
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:00Z",
    sequence: 0,
    readyAt: 0,
    architecture: "x86_64",
    rootVolume: `${zone}/b0b0b0b0-000${place}-4000-8000-00000000${zonePart}`,
    rootVolumeType: "sbs_snapshot",
    sizeGB: 10,
    platform: "cloud-init",
    public: true,
  };
}
