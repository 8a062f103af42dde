/** Snapshots that are imported from an address, which the cloud asks when their turn in the queue comes. */
import { Refusal } from "../../protocol/model";
import { platformOf } from "../image-content";
import { numberOf, stringOf } from "../values";
import type { Account } from "./account";
import { DURATION } from "./catalogue";
import { conflict, invalidCombination, invalidValue } from "./errors";
import type { Snapshot } from "./objects";
import type { Kind } from "./resource";

/** One of them is required (recorded from provider 1.8.0). */
const SOURCES = ["volume_id", "snapshot_size", "source_snapshot_id"];

export function snapshot(account: Account): Kind<Snapshot> {
  return {
    type: "outscale_snapshot",
    generation: "framework",
    title: "Snapshot",
    replacedBy: ["file_location", "snapshot_size", "source_region_name", "source_snapshot_id"],
    replacedWhenKnown: ["volume_id", "description"],
    keeps: ["id", "snapshot_id", "account_id", "creation_date", "volume_id"],

    validate: (config) =>
      SOURCES.some((name) => config[name] !== null)
        ? []
        : [
            {
              severity: "error",
              summary: "Missing Attribute Configuration",
              detail: `At least one of these attributes must be configured: [${SOURCES.join(",")}]`,
            },
          ],

    async create(planned) {
      account.checkQuota("snapshots", account.snapshots.all().length);
      const location = stringOf(planned.file_location);
      const size = numberOf(planned.snapshot_size);
      if (location === undefined || size === undefined)
        throw invalidCombination("FileLocation and SnapshotSize are required for an import.");
      if (!/^https?:\/\//.test(location))
        throw invalidValue(4047, "The value of FileLocation is invalid: an address is expected.");
      const content = await fetched(location);
      return account.snapshots.put({
        ...account.newObject("snap"),
        description: stringOf(planned.description) ?? "",
        size,
        createdAt: account.timestamp(),
        platform: content === undefined ? undefined : platformOf(content),
        hasFailed: content === undefined,
      });
    },

    async finish(object, _planned, context) {
      await account.settle(object, DURATION.snapshotImported, context);
      if (object.hasFailed)
        throw new Refusal(
          "Unable to wait for Snapshot to become available.",
          "unexpected state 'error', wanted target 'completed'. last error: %!s(<nil>)",
        );
    },

    find: (state) => account.snapshots.get(stringOf(state.id) ?? ""),

    show: (object) => ({
      id: object.id,
      snapshot_id: object.id,
      account_id: account.id,
      account_alias: "",
      creation_date: object.createdAt,
      description: object.description,
      permissions_to_create_volume: [],
      progress: account.isReady(object) ? 100 : 0,
      state: snapshotState(account, object),
      volume_id: "",
      volume_size: Math.ceil(object.size / 2 ** 30),
    }),

    update: () => undefined,

    async delete(state, context) {
      const object = account.snapshots.find(stringOf(state.id) ?? "");
      const user = account.images.all().find((image) => image.snapshot === object.id);
      if (user !== undefined)
        throw conflict(9029, `The snapshot ${object.id} is in use by the image ${user.id}.`);
      await account.vanish(object, DURATION.snapshotDeleted, context, () => {
        account.snapshots.remove(object.id);
      });
    },
  };
}

export function snapshotState(account: Account, object: Snapshot): string {
  if (!account.isReady(object)) return "in-queue";
  return object.hasFailed ? "error" : "completed";
}

/** Undefined where nothing answers at the address. */
async function fetched(location: string): Promise<string | undefined> {
  try {
    const response = await fetch(location);
    return response.ok ? Buffer.from(await response.arrayBuffer()).toString("latin1") : undefined;
  } catch {
    return undefined;
  }
}
