/**
 * Instance: created stopped, given its user data, then powered on; private NICs are attached
 * afterwards, to a running machine. What a first boot can see is fixed at that power-on.
 */
import { Refusal } from "../../protocol/model";
import type { Account } from "./account";
import { DURATION, machineType } from "./catalogue";
import { lengthBetween, oneOf } from "../checks";
import { localizedUuid, uuid } from "./checks";
import { badRequest } from "./errors";
import { bareId, isUuid } from "./ids";
import { imageFor, marketplaceImage } from "./image";
import type { Server } from "./objects";
import { removeNic, plugIn } from "./private-nic";
import { sameId } from "./planning";
import { sameIgnoringCase } from "../sdkv2";
import { type Kind } from "./resource";
import { newRootVolume } from "./root-volume";
import { changeServer, powerOn, releaseIps } from "./server-change";
import { planServer } from "./server-plan";
import * as check from "./server-checks";
import { shownServer } from "./server-state";
import { blockOf, blocksOf, isTrue, stringOf, stringsOf } from "../values";

export function server(account: Account): Kind<Server> {
  return {
    objects: account.servers,
    locality: "zone",
    product: "instance",
    shortName: "srv",
    replacedBy: ["root_volume.volume_type"],
    defaults: {
      boot_type: "local",
      enable_dynamic_ip: false,
      protected: false,
      replace_on_type_change: false,
      "root_volume.delete_on_termination": true,
      "root_volume.boot": false,
    },
    equal: {
      type: sameIgnoringCase,
      image: sameId,
      security_group_id: sameId,
      placement_group_id: sameId,
      ip_id: sameId,
      "private_network.pn_id": sameId,
    },
    computedBlocks: ["root_volume", "filesystems", "private_ips", "public_ips"],
    sameLocality: ["placement_group_id", "additional_volume_ids", "ip_id", "ip_ids"],
    checks: {
      values: {
        state: oneOf("started", "stopped", "standby"),
        boot_type: oneOf("local", "bootscript", "rescue"),
        bootscript_id: uuid,
        cloud_init: lengthBetween(0, check.USER_DATA_BYTES),
        additional_volume_ids: localizedUuid,
        "private_network.pn_id": localizedUuid,
        "root_volume.volume_type": check.rootVolumeType,
      },
      conflicts: [["ip_id", "ip_ids"]],
      exactlyOne: ["image", "root_volume.0.volume_id"],
    },
    plan(change, zone) {
      planServer(account, change, zone);
    },

    create(planned, zone) {
      const typeName = stringOf(planned.type) ?? "";
      const type = machineType(typeName, zone);
      if (type === undefined) throw check.unknownType(typeName, zone);
      const reference = stringOf(planned.image);
      check.stockAndQuota(account, typeName, zone);
      const image = reference === undefined ? undefined : findImage(account, reference, zone);
      if (image !== undefined) check.architecture(typeName, type, image);
      const userData = check.userDataOf(planned);
      const securityGroup = check.securityGroup(account, stringOf(planned.security_group_id), zone);
      const placementGroup = check.placementGroup(
        account,
        stringOf(planned.placement_group_id),
        zone,
      );
      const ips = check.freePublicIps(account, planned, zone);
      const base = account.newObject(
        zone,
        {
          name: stringOf(planned.name),
          tags: stringsOf(planned.tags),
          projectId: stringOf(planned.project_id),
        },
        "srv",
      );
      const volume = newRootVolume(account, planned, { base, type, typeName, image });
      for (const ip of ips) ip.attachedTo = base.id;
      return {
        ...base,
        type: typeName.toUpperCase(),
        image: image && { id: image.id, name: image.name, platform: image.platform },
        securityGroup,
        placementGroup,
        publicIps: ips.map(({ id }) => id),
        rootVolume: volume.id,
        additionalVolumes: check.freeVolumes(
          account,
          stringsOf(planned.additional_volume_ids),
          base,
        ),
        deleteRootVolume: blockOf(planned.root_volume)?.delete_on_termination !== false,
        userData,
        state: "stopped",
        protected: isTrue(planned.protected),
        bootType: stringOf(planned.boot_type) ?? "local",
        enableDynamicIp: isTrue(planned.enable_dynamic_ip),
      };
    },

    async finish(object, planned, context) {
      if ((stringOf(planned.state) ?? "started") !== "stopped")
        await powerOn(account, object, context);
      for (const block of blocksOf(planned.private_network))
        await plugIn(account, object, stringOf(block.pn_id) ?? "", [], context);
    },

    show: (object, given) => shownServer(account, object, given),
    update: (object, planned, prior, context) =>
      changeServer(account, object, planned, prior, context),

    async delete(object, context) {
      await account.awaitReady(object, "server", context);
      if (object.protected) throw badRequest("server is protected, it cannot be deleted");
      for (const nic of account.nics.all().filter(({ server: owner }) => owner === object.id))
        removeNic(account, nic);
      await account.settle(object, DURATION.serverDeleted, context);
      releaseIps(account, object.publicIps);
      const volume = account.volumes.get(object.rootVolume);
      if (volume !== undefined && object.deleteRootVolume) account.volumes.remove(volume.id);
      else if (volume !== undefined) delete volume.server;
    },
  };
}

function findImage(account: Account, reference: string, zone: string) {
  const isLabel = !isUuid(bareId(reference));
  if (isLabel && marketplaceImage(account, reference, zone) === undefined) {
    const label = bareId(reference).replaceAll("-", "_");
    throw new Refusal(
      `could not get image '${zone}/${label}': scaleway-sdk-go: resource local_image with ID ${label} is not found`,
    );
  }
  return imageFor(account, reference, zone);
}
