/** What the instance API and the provider refuse before a server is created or changed. */
import { Refusal, type Values } from "../../protocol/model";
import type { Account } from "./account";
import {
  BLOCK_STORAGE_QUOTA_GB,
  MACHINE_TYPES,
  SERVERS_PER_PLACEMENT_GROUP,
  SERVER_QUOTAS,
  machineType,
  type MachineType,
} from "./catalogue";
import { oneOf, type Check } from "../checks";
import { conflict, invalidArgument, outOfStock, quotaExceeded } from "./errors";
import { defaultSecurityGroup } from "./security-group";
import type { ApiObject, Image, PublicIp, Server } from "./objects";
import { mapOf, numberOf, stringOf, stringsOf } from "../values";

export function unknownType(typeName: string, zone: string): Refusal {
  return new Refusal(
    `could not find a server type associated with ${typeName} in zone ${zone}`,
    "Ensure that the server type is correct, and that it does exist in this zone.",
    ["type"],
  );
}

const volumeTypes = oneOf("l_ssd", "b_ssd", "unified", "scratch", "sbs_volume", "sbs_snapshot");

export const rootVolumeType: Check = (value, name) =>
  value === "b_ssd"
    ? {
        summary: "b_ssd volumes are not supported anymore",
        detail:
          "Remove explicit b_ssd volume_type, migrate to sbs or downgrade terraform.\nLearn more about migration: https://www.scaleway.com/en/docs/instances/how-to/migrate-volumes-snapshots-to-sbs/",
      }
    : volumeTypes(value, name);

/** Counted over all zones: quotas belong to the organization. */
export function stockAndQuota(account: Account, typeName: string, zone: string): void {
  const name = typeName.toUpperCase();
  if (account.limits.outOfStock.includes(name)) throw outOfStock(`${name} in zone ${zone}`);
  const quota = SERVER_QUOTAS[name]?.[account.limits.verification];
  const current = account.servers.all().filter(({ type }) => type === name).length;
  if (quota !== undefined && current >= quota)
    throw quotaExceeded(`instance_server_${name}`, current, quota);
}

export function storageQuota(account: Account, sizeGB: number): void {
  const quota = BLOCK_STORAGE_QUOTA_GB[account.limits.verification] ?? Infinity;
  const used = account.volumes
    .all()
    .filter(({ type }) => type === "sbs_volume")
    .reduce((sum, volume) => sum + volume.sizeGB, 0);
  if (used + sizeGB > quota) throw quotaExceeded("block_storage_gb", used, quota);
}

export function architecture(typeName: string, type: MachineType, image: Image): void {
  if (type.arch !== image.architecture)
    throw invalidArgument(
      "image",
      "constraint",
      `image ${image.name} is ${image.architecture}, server type ${typeName} is ${type.arch}`,
    );
}

/** Maximum number of bytes of one value of user data. */
export const USER_DATA_BYTES = 127998;

/** @throws Refusal when one value is too large. */
export function userDataOf(planned: Values): Record<string, string> {
  const cloudInit = stringOf(planned.cloud_init);
  const userData = {
    ...mapOf(planned.user_data),
    ...(cloudInit === undefined ? {} : { "cloud-init": cloudInit }),
  };
  for (const [key, value] of Object.entries(userData))
    if (Buffer.byteLength(value) > USER_DATA_BYTES)
      throw invalidArgument(
        "user_data",
        "constraint",
        `value of ${key} must not be larger than ${USER_DATA_BYTES} bytes`,
      );
  return userData;
}

/** The project's default group when none is configured. One of another zone is not found. */
export function securityGroup(account: Account, reference: string | undefined, zone: string) {
  const own = defaultSecurityGroup(account.defaults.projectId, zone);
  if (reference === undefined || reference === own) return own;
  return account.securityGroups.find(reference, zone).id;
}

export function placementGroup(account: Account, reference: string | undefined, zone: string) {
  if (reference === undefined) return undefined;
  const group = account.placementGroups.find(reference, zone);
  const members = account.servers.all().filter((server) => server.placementGroup === group.id);
  if (members.length >= SERVERS_PER_PLACEMENT_GROUP)
    throw quotaExceeded(
      "instance_placement_group_server",
      members.length,
      SERVERS_PER_PLACEMENT_GROUP,
    );
  return group.id;
}

/** @param owner The server that may have them already. */
export function freePublicIps(
  account: Account,
  planned: Values,
  zone: string,
  owner?: string,
): PublicIp[] {
  const one = stringOf(planned.ip_id);
  const references = one === undefined ? stringsOf(planned.ip_ids) : [one];
  return references.map((reference) => {
    const ip = account.instanceIps.find(reference, zone);
    if (ip.attachedTo !== undefined && ip.attachedTo !== owner)
      throw conflict(`IP ${ip.address} is already attached to a server`);
    return ip;
  });
}

export function freeVolumes(account: Account, references: string[], owner: ApiObject): string[] {
  const volumes = references.map((reference) => account.volumes.find(reference, owner.locality));
  for (const volume of volumes) {
    if (volume.server !== undefined) throw conflict("volume is already attached to a server");
    volume.server = owner.id;
  }
  return volumes.map(({ id }) => id);
}

/** A type with less local disk than the server has is refused; a type of another zone is unknown. */
export function typeChange(
  account: Account,
  server: Server,
  typeName: string | undefined,
  zone: string,
): void {
  if (typeName === undefined) return;
  const type = machineType(typeName, zone);
  if (type === undefined) {
    const words = typeName.toUpperCase() in MACHINE_TYPES ? "" : "unknown type ";
    throw new Refusal(
      `cannot change server type: could not find server type ${words}${typeName} in zone ${zone}`,
    );
  }
  const volume = account.volumes.get(server.rootVolume);
  const local = volume?.type === "l_ssd" ? volume.sizeGB : 0;
  if (local > type.localDiskGB)
    throw new Refusal(
      `cannot change server type: local volume total size does not respect type constraint, expected beteween (0GB, ${type.localDiskGB}GB), got ${local}GB`,
    );
}

export function positiveSize(value: Values[string] | undefined): number | undefined {
  const size = numberOf(value);
  return size === undefined || size === 0 ? undefined : size;
}
