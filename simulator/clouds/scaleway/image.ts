/**
 * Images: the account's own (created from a snapshot, or imported beforehand) and the marketplace's
 * labels. All are zonal.
 */
import { randomUUID } from "node:crypto";
import type { Account } from "./account";
import { DURATION, ZONES } from "./catalogue";
import { oneOf } from "../checks";
import { localizedUuid } from "./checks";
import { notFound, stillInUse } from "./errors";
import { bareId } from "./ids";
import type { Image, Platform } from "./objects";
import type { Kind } from "./resource";
import { isTrue, stringOf, stringsOf } from "../values";

/** An image that was imported into the account before anything is applied. */
export interface SeededImage {
  readonly name: string;
  /** @default every zone */
  readonly zones?: readonly string[];
  /** A uuid that never changes, the same in each zone. @default - random, kept in the store */
  readonly id?: string;
  /** @default "x86_64" */
  readonly architecture?: string;
  /** How the operating system in it looks for its configuration. @default "nocloud", which Talos needs here */
  readonly platform?: Platform;
}

export const MARKETPLACE_LABELS = ["ubuntu_noble", "ubuntu_jammy"] as const;

/** A project of another organization. */
const OTHER_ACCOUNT = "0badcafe-0000-4000-8000-000000000000";

/**
 * Imports the images that do not exist yet. Another organization publishes one of each name, newer:
 * a machine booted from it finds no configuration.
 */
export function seedImages(
  account: Account,
  seeds: readonly SeededImage[],
  lookalikes: boolean,
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
      if (!lookalikes || !("name" in seed)) continue;
      const later = "2099-01-01T00:00:00Z";
      const lookalike = { projectId: OTHER_ACCOUNT, id: randomUUID(), public: true };
      put(
        { ...lookalike, id: `${zone}/${lookalike.id}`, createdAt: later, updatedAt: later },
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
      const snapshot = account.snapshots.find(stringOf(planned.root_volume_id) ?? "", zone);
      account.checkReady(snapshot, "snapshot");
      if (snapshot.hasFailed === true) throw stillInUse("the snapshot is not available: error");
      return {
        ...account.newObject(
          zone,
          {
            name: stringOf(planned.name),
            tags: stringsOf(planned.tags),
            projectId: stringOf(planned.project_id),
          },
          "image",
        ),
        architecture: stringOf(planned.architecture) ?? "x86_64",
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

    // Servers created from it keep running.
    delete: () => undefined,
  };
}

/**
 * The image of a server.
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

/** A label's image; undefined when there is no such label. It belongs to no customer account. */
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
