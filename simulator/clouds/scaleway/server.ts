/**
 * Instance: created stopped, given its user data, then powered on; private NICs
 * are plugged in afterwards, into a machine that runs. What a first boot can
 * see is fixed at that power-on.
 */
import {
  Refusal,
  isUnknown,
  type CallContext,
  type PlannedChange,
  type Values,
} from "../../protocol/model";
import type { Account } from "./account";
import { DURATION, PRIVATE_NETWORKS_PER_INSTANCE, machineType } from "./catalogue";
import { lengthBetween, localizedUuid, oneOf, uuid } from "./checks";
import { badRequest } from "./errors";
import { bareId, isUuid } from "./ids";
import { imageFor, marketplaceImage } from "./image";
import type { Server } from "./objects";
import { removeNic, plugIn } from "./private-nic";
import { sameId, sameIgnoringCase } from "./planning";
import { type Kind } from "./resource";
import { newRootVolume, resizeRootVolume } from "./root-volume";
import { unknownType } from "./server-checks";
import * as check from "./server-checks";
import { shownServer } from "./server-state";
import { blockOf, blocksOf, isTrue, isZero, mapOf, sameValue, textOf, textsOf } from "./values";

/** Bytes that the API takes for one value of user data. */
const USER_DATA_BYTES = 127998;

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
        cloud_init: lengthBetween(0, USER_DATA_BYTES),
        additional_volume_ids: localizedUuid,
        "private_network.pn_id": localizedUuid,
        "root_volume.volume_type": check.rootVolumeType,
      },
      conflicts: [["ip_id", "ip_ids"]],
      exactlyOne: ["image", "root_volume.0.volume_id"],
    },
    plan: (change, zone) => planServer(account, change, zone),

    create(planned, zone) {
      const typeName = textOf(planned.type) ?? "";
      const type = machineType(typeName, zone);
      if (type === undefined) throw unknownType(typeName, zone);
      const reference = textOf(planned.image);
      check.stockAndQuota(account, typeName, zone);
      const image = reference === undefined ? undefined : findImage(account, reference, zone);
      if (image !== undefined) check.architecture(typeName, type, image);
      const userData = userDataOf(planned);
      const securityGroup = check.securityGroup(account, textOf(planned.security_group_id), zone);
      const placementGroup = check.placementGroup(
        account,
        textOf(planned.placement_group_id),
        zone,
      );
      const ips = check.freePublicIps(account, planned, zone);
      const base = account.newObject(
        zone,
        {
          name: textOf(planned.name),
          tags: textsOf(planned.tags),
          projectId: textOf(planned.project_id),
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
        additionalVolumes: check.freeVolumes(account, textsOf(planned.additional_volume_ids), base),
        deleteRootVolume: blockOf(planned.root_volume)?.delete_on_termination !== false,
        userData,
        state: "stopped",
        protected: isTrue(planned.protected),
        bootType: textOf(planned.boot_type) ?? "local",
        enableDynamicIp: isTrue(planned.enable_dynamic_ip),
      };
    },

    async finish(object, planned, context) {
      if ((textOf(planned.state) ?? "started") !== "stopped")
        await powerOn(account, object, context);
      for (const block of blocksOf(planned.private_network))
        await plugIn(account, object, textOf(block.pn_id) ?? "", [], context);
    },

    show: (object, given) => shownServer(account, object, given),
    update: (object, planned, prior, context) => change(account, object, planned, prior, context),

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

function planServer(account: Account, change: PlannedChange, zone: string): void {
  const { prior, planned, replacedBy } = change;
  const existing = account.servers.get(textOf(prior?.id) ?? "");
  if (prior === null || existing === undefined) return;
  if (!sameValue(prior.type, planned.type)) {
    if (isTrue(planned.replace_on_type_change)) replacedBy.push(["type"]);
    else check.typeChange(account, existing, textOf(planned.type), zone);
  }
  if (isOtherImage(account, existing, prior, planned)) replacedBy.push(["image"]);
  const [before, after] = [blockOf(prior.root_volume), blockOf(planned.root_volume)];
  const isLocal = account.volumes.get(existing.rootVolume)?.type === "l_ssd";
  if (isLocal && !sameValue(before?.size_in_gb, after?.size_in_gb))
    replacedBy.push(["root_volume", 0, "size_in_gb"]);
}

/** A label that the server's image has, or its id, is the same image in other words. */
function isOtherImage(account: Account, existing: Server, prior: Values, planned: Values): boolean {
  const wanted = planned.image ?? null;
  if (isUnknown(wanted) || isZero(wanted) || sameValue(wanted, prior.image)) return false;
  const reference = bareId(textOf(wanted) ?? "");
  if (existing.image === undefined) return true;
  if (isUuid(reference)) return reference !== bareId(existing.image.id);
  return (
    marketplaceImage(account, existing.image.name, existing.locality)?.id !== existing.image.id ||
    reference !== existing.image.name
  );
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

function userDataOf(planned: Values): Record<string, string> {
  const cloudInit = textOf(planned.cloud_init);
  const userData = {
    ...mapOf(planned.user_data),
    ...(cloudInit === undefined ? {} : { "cloud-init": cloudInit }),
  };
  for (const [key, value] of Object.entries(userData))
    if (Buffer.byteLength(value) > USER_DATA_BYTES)
      throw check.userDataTooLarge(key, USER_DATA_BYTES);
  return userData;
}

/** The moment that decides what the first boot finds: a public address, and which user data. */
async function powerOn(account: Account, object: Server, context: CallContext): Promise<void> {
  if (object.enableDynamicIp && object.publicIps.length === 0)
    object.dynamicAddress ??= account.takePublicAddress();
  object.state = "started";
  object.firstBoot ??= {
    sequence: account.nextSequence(),
    userData: object.userData["cloud-init"],
    publicAddress: object.publicIps.length > 0 || object.dynamicAddress !== undefined,
  };
  await account.settle(object, DURATION.serverBooted, context);
}

async function powerOff(account: Account, object: Server, context: CallContext): Promise<void> {
  object.state = "stopped";
  delete object.dynamicAddress;
  await account.settle(object, DURATION.serverStopped, context);
}

async function change(
  account: Account,
  object: Server,
  planned: Values,
  prior: Values,
  context: CallContext,
): Promise<void> {
  await account.awaitReady(object, "server", context);
  const zone = object.locality;
  const wantedState = textOf(planned.state) ?? object.state;
  const group = textOf(planned.placement_group_id);
  if (group !== undefined && !sameValue(planned.placement_group_id, prior.placement_group_id)) {
    if (wantedState !== "stopped")
      throw new Refusal("instance must be stopped to change placement group");
    object.placementGroup = check.placementGroup(account, group, zone);
  } else if (group === undefined) delete object.placementGroup;

  object.securityGroup = check.securityGroup(account, textOf(planned.security_group_id), zone);
  object.protected = isTrue(planned.protected);
  object.enableDynamicIp = isTrue(planned.enable_dynamic_ip);
  object.deleteRootVolume = blockOf(planned.root_volume)?.delete_on_termination !== false;
  resizeRootVolume(account, object, planned);
  changeIps(account, object, planned);
  changeUserData(object, planned, context);
  if (!sameValue(planned.boot_type, prior.boot_type)) {
    object.bootType = textOf(planned.boot_type) ?? "local";
    if (object.state !== "stopped")
      context.warn("instance may need to be rebooted to use the new boot type");
  }
  await changeType(account, object, textOf(planned.type) ?? object.type, context);
  if (wantedState === "stopped" && object.state !== "stopped")
    await powerOff(account, object, context);
  if (wantedState !== "stopped" && object.state === "stopped")
    await powerOn(account, object, context);
  await changeNics(account, object, planned, prior, context);
}

/** Stop, migrate, start. */
async function changeType(
  account: Account,
  object: Server,
  typeName: string,
  context: CallContext,
) {
  if (typeName.toUpperCase() === object.type) return;
  if (machineType(typeName, object.locality) === undefined)
    throw unknownType(typeName, object.locality);
  check.stockAndQuota(account, typeName, object.locality);
  const wasRunning = object.state !== "stopped";
  if (wasRunning) await powerOff(account, object, context);
  object.type = typeName.toUpperCase();
  if (wasRunning) await powerOn(account, object, context);
}

function changeUserData(object: Server, planned: Values, context: CallContext): void {
  const before = object.userData["cloud-init"];
  object.userData = userDataOf(planned);
  if (object.userData["cloud-init"] !== before && object.state !== "stopped")
    context.warn("instance may need to be rebooted to use the new cloud init config");
}

function changeIps(account: Account, object: Server, planned: Values): void {
  const before = object.publicIps;
  const after = check.freePublicIps(account, planned, object.locality, object.id);
  releaseIps(
    account,
    before.filter((id) => !after.some((ip) => ip.id === id)),
  );
  for (const ip of after) ip.attachedTo = object.id;
  object.publicIps = after.map(({ id }) => id);
}

function releaseIps(account: Account, ids: readonly string[]): void {
  for (const id of ids) {
    const ip = account.instanceIps.get(id);
    if (ip === undefined) continue;
    delete ip.attachedTo;
    account.touch(ip);
  }
}

/** NICs of the inline blocks only: those of resources of their own are left alone. */
async function changeNics(
  account: Account,
  object: Server,
  planned: Values,
  prior: Values,
  context: CallContext,
): Promise<void> {
  const networks = (values: Values) =>
    blocksOf(values.private_network).map((block) => bareId(textOf(block.pn_id) ?? ""));
  const [before, after] = [networks(prior), networks(planned)];
  if (after.length > PRIVATE_NETWORKS_PER_INSTANCE) throw badRequest("too many private networks");
  for (const nic of account.nics.all()) {
    const network = bareId(nic.privateNetwork);
    if (nic.server === object.id && before.includes(network) && !after.includes(network))
      removeNic(account, nic);
  }
  for (const network of after)
    if (!before.includes(network)) await plugIn(account, object, network, [], context);
}
