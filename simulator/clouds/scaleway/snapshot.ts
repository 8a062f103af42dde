/** Block snapshot: of a volume, or imported from a disk image in a bucket of the same region. */
import type { Values } from "../../protocol/model";
import type { Account } from "./account";
import { DURATION } from "./catalogue";
import { localizedUuid } from "./checks";
import { invalidArgument, notFound, stillInUse, waitedTooLong } from "./errors";
import { bareId, regionOfZone, srn } from "./ids";
import type { Platform, Snapshot } from "./objects";
import { sameId } from "./planning";
import { type Kind } from "./resource";
import { blockOf, blocksOf, stringOf, stringsOf } from "../values";

/** In milliseconds. */
const readTimeout = 300_000;

export function snapshot(account: Account): Kind<Snapshot> {
  return {
    objects: account.snapshots,
    locality: "zone",
    product: "block",
    shortName: "snapshot",
    replacedBy: ["import.bucket", "import.key"],
    equal: { volume_id: sameId, "import.bucket": sameId, "export.bucket": sameId },
    checks: { values: { volume_id: localizedUuid }, conflicts: [["volume_id", "import"]] },

    // The state keeps the bucket's bare name.
    plan({ planned }) {
      for (const block of [...blocksOf(planned.import), ...blocksOf(planned.export)]) {
        const name = stringOf(block.bucket);
        if (name !== undefined) block.bucket = bareId(name);
      }
    },

    create(planned, zone) {
      const base = account.newObject(
        zone,
        {
          name: stringOf(planned.name),
          tags: stringsOf(planned.tags),
          projectId: stringOf(planned.project_id),
        },
        "snapshot",
      );
      const source = blockOf(planned.import);
      if (source !== undefined)
        return { ...base, sizeGB: 10, platform: importedPlatform(account, source, zone) };
      const reference = stringOf(planned.volume_id);
      if (reference === undefined) throw invalidArgument("volume_id", "required");
      const volume = account.volumes.find(reference, zone);
      const server = account.servers.get(volume.server ?? "");
      return {
        ...base,
        sizeGB: volume.sizeGB,
        platform: server?.image?.platform ?? "other",
        volume: volume.id,
      };
    },

    finish: (object, _planned, context) =>
      account.settle(object, DURATION.snapshotImported, context),

    // waitForBlockSnapshot, also in a read: for five minutes.
    async awaitRead(object, context) {
      const remaining = object.readyAt - account.now().getTime();
      if (remaining / (account.world.clock.timeScale || 1) > readTimeout) {
        await context.wait(readTimeout);
        throw waitedTooLong("snapshot", "5m0s");
      }
      await account.awaitReady(object, "snapshot", context);
    },

    show: (object) => ({
      volume_id: object.volume === undefined ? null : bareId(object.volume),
      srn: srn("block/snapshot", object),
    }),

    update: () => undefined,

    delete(object) {
      if (account.images.all().some(({ rootVolume }) => rootVolume === object.id))
        throw stillInUse("snapshot is used by an image");
    },
  };
}

/** By the content where a file was uploaded, otherwise by the file's name, which has the platform. */
function importedPlatform(account: Account, source: Values, zone: string): Platform {
  const name = bareId(stringOf(source.bucket) ?? "");
  const key = stringOf(source.key) ?? "";
  const region = regionOfZone(zone);
  const bucket = account.buckets.get(`${region}/${name}`);
  if (bucket === undefined) throw notFound("bucket", name);
  const object = account.storedObjects.get(`${region}/${name}/${key}`);
  if (object === undefined) throw notFound("object", key);
  const isNocloud =
    object.platform === undefined ? object.key.includes("nocloud") : object.platform === "nocloud";
  return isNocloud ? "nocloud" : "other";
}
