/** Images that are created from a snapshot. A name is unique in its account. */
import { blocksOf, stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import { DURATION } from "./catalogue";
import { conflict, invalidCombination, invalidState } from "./errors";
import { shown } from "./image-data";
import type { Image, Platform } from "./objects";
import type { Kind } from "./resource";
import { snapshotState } from "./snapshot";

export function image(account: Account): Kind<Image> {
  return {
    type: "outscale_image",
    generation: "sdkv2",
    title: "Image",
    replacedBy: [
      ...["image_name", "architecture", "root_device_name", "block_device_mappings"],
      ...["description", "boot_modes", "vm_id", "no_reboot", "source_image_id", "file_location"],
    ],

    create(planned) {
      const name = stringOf(planned.image_name) ?? "";
      const [mapping] = blocksOf(planned.block_device_mappings);
      const [root] = blocksOf(mapping?.bsu);
      const reference = stringOf(root?.snapshot_id);
      if (reference === undefined)
        throw invalidCombination("RootDeviceName requires a mapping with a SnapshotId.");
      const snapshot = account.snapshots.find(reference);
      const state = snapshotState(account, snapshot);
      if (state !== "completed")
        throw invalidState(6001, `The snapshot ${snapshot.id} is ${state}, not completed.`);
      const isTaken = account.images
        .all()
        .some((other) => other.name === name && other.accountId === account.id);
      if (isTaken) throw conflict(9010, `An image of the name ${name} exists already.`);
      const modes = stringsOf(planned.boot_modes);
      return account.images.put({
        ...account.newObject("ami"),
        name,
        description: stringOf(planned.description) ?? "",
        snapshot: snapshot.id,
        accountId: account.id,
        accountAlias: "",
        createdAt: account.timestamp(),
        platform: platformOf(snapshot.platform),
        sizeGiB: Math.ceil(snapshot.size / 2 ** 30),
        bootModes: modes.length > 0 ? modes : ["legacy"],
        architecture: stringOf(planned.architecture) ?? "x86_64",
      });
    },

    finish: (object, _planned, context) => account.settle(object, DURATION.imageReady, context),

    find: (state) => account.images.get(stringOf(state.id) ?? ""),

    show: (object, given) => ({
      ...attributesOf(object),
      description: object.description ?? "",
      is_public: false,
      file_location: "",
      request_id: null,
      // What was configured of the mappings, with what the API adds.
      block_device_mappings: [
        {
          device_name: "/dev/sda1",
          virtual_device_name: "",
          bsu: [
            {
              delete_on_vm_deletion: true,
              iops: 0,
              snapshot_id: object.snapshot ?? "",
              volume_size: object.sizeGiB,
              volume_type: stringOf(bsuOf(given)?.volume_type) ?? "gp2",
            },
          ],
        },
      ],
      no_reboot: given.no_reboot ?? null,
    }),

    update: () => undefined,

    // Machines created from it keep running.
    delete(state) {
      account.images.remove(stringOf(state.id) ?? "");
    },
  };
}

/** Without what only the data source has. */
function attributesOf(object: Image) {
  return Object.fromEntries(
    Object.entries(shown(object)).filter(([name]) => name !== "secure_boot"),
  );
}

function bsuOf(given: Parameters<Kind<Image>["show"]>[1]) {
  return blocksOf(blocksOf(given.block_device_mappings)[0]?.bsu)[0];
}

/** What is not Talos waits for nothing here. */
function platformOf(platform: string | undefined): Platform {
  const known: readonly Platform[] = ["aws", "metal", "nocloud", "openstack"];
  return known.find((one) => one === platform) ?? "cloud-init";
}
