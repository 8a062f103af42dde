/** The disk that a server boots from: created with it from its image, or an existing one. */
import { Refusal, type Values } from "../../protocol/model";
import type { Account } from "./account";
import { zonesOf, type MachineType } from "./catalogue";
import { conflict, invalidArgument, notInZone } from "./errors";
import type { ApiObject, Image, Server, Volume } from "./objects";
import { positiveSize, storageQuota } from "./server-checks";
import { blockOf, numberOf, stringOf } from "../values";

const DEFAULT_IOPS = 5000;
const IOPS = [5000, 15000];

interface Owner {
  readonly base: ApiObject;
  readonly type: MachineType;
  readonly typeName: string;
  readonly image: Image | undefined;
}

export function newRootVolume(account: Account, planned: Values, owner: Owner): Volume {
  const block = blockOf(planned.root_volume) ?? {};
  const reference = stringOf(block.volume_id);
  if (reference !== undefined) return existing(account, reference, owner.base);
  const { type, typeName, image } = owner;
  const kind = volumeType(stringOf(block.volume_type), type);
  const wanted = positiveSize(block.size_in_gb);
  const sizeGB = wanted ?? (kind === "l_ssd" ? type.localDiskGB : (image?.sizeGB ?? 10));
  if (kind === "l_ssd") checkLocal(typeName, type, image, sizeGB);
  else checkBlock(account, owner.base.locality, image, sizeGB);
  account.checkQuota("scaleway_volume", account.volumes.all().length);
  return account.volumes.put({
    ...account.newObject(
      owner.base.locality,
      { name: stringOf(block.name) ?? `${image?.name ?? owner.base.name}_${kind}_0` },
      "vol",
    ),
    type: kind,
    sizeGB,
    iops: kind === "sbs_volume" ? iopsOf(block) : null,
    server: owner.base.id,
  });
}

/** Grows in place; block storage cannot shrink. */
export function resizeRootVolume(account: Account, server: Server, planned: Values): void {
  const volume = account.volumes.get(server.rootVolume);
  const block = blockOf(planned.root_volume);
  if (volume === undefined || block === undefined) return;
  const wanted = positiveSize(block.size_in_gb) ?? volume.sizeGB;
  if (wanted < volume.sizeGB)
    throw invalidArgument("size", "constraint", "a volume cannot be made smaller");
  storageQuota(account, wanted - volume.sizeGB);
  volume.sizeGB = wanted;
  if (volume.type === "sbs_volume") volume.iops = iopsOf(block);
  account.touch(volume);
}

function existing(account: Account, reference: string, owner: ApiObject): Volume {
  const volume = account.volumes.find(reference, owner.locality);
  if (volume.server !== undefined) throw conflict("volume is already attached to a server");
  volume.server = owner.id;
  return volume;
}

/** By default local where the type has a disk, block storage elsewhere. */
function volumeType(wanted: string | undefined, type: MachineType): Volume["type"] {
  if (wanted === "l_ssd" || wanted === "sbs_volume" || wanted === "scratch") return wanted;
  if (wanted !== undefined)
    throw invalidArgument("volumes.0.volume_type", "constraint", `${wanted} is not possible here`);
  return type.localDiskGB > 0 ? "l_ssd" : "sbs_volume";
}

function checkLocal(
  typeName: string,
  type: MachineType,
  image: Image | undefined,
  sizeGB: number,
): void {
  if (sizeGB > type.localDiskGB || type.localDiskGB === 0)
    throw new Refusal(
      `${typeName} total local volume size must be between 0 B and ${type.localDiskGB} GB`,
    );
  if (image?.rootVolumeType === "sbs_snapshot" && image.platform !== "cloud-init")
    throw invalidArgument(
      "volumes.0.volume_type",
      "constraint",
      `image ${image.name} is made from an sbs snapshot and needs a sbs_volume root`,
    );
}

function checkBlock(account: Account, zone: string, image: Image | undefined, sizeGB: number) {
  const zones = zonesOf("block");
  if (!zones.includes(zone)) throw notInZone(zone, zones);
  if (image !== undefined && sizeGB < image.sizeGB)
    throw invalidArgument(
      "volumes.0.size",
      "constraint",
      `image ${image.name} needs at least ${image.sizeGB} GB`,
    );
  storageQuota(account, sizeGB);
}

function iopsOf(block: Values): number {
  const iops = positiveSize(block.sbs_iops) ?? DEFAULT_IOPS;
  if (!IOPS.includes(iops))
    throw invalidArgument("perf_iops", "constraint", `must be one of ${IOPS.join(", ")}`);
  return numberOf(iops) ?? DEFAULT_IOPS;
}
