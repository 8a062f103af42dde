/** What provider and API refuse before a VM is created. Codes: Outscale's API test suite, test_CreateVms. */
import { Refusal, type Values } from "../../protocol/model";
import { contains, parseSubnet, toAddress, toNumber } from "../addresses";
import { blocksOf, isTrue, numberOf, stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import {
  IOPS,
  RESERVED_FIRST,
  USER_DATA_BYTES,
  VOLUME_SIZE,
  VOLUME_TYPES,
  isVmType,
} from "./catalogue";
import { conflict, invalidResource, invalidValue, notFound } from "./errors";
import type { Image, Subnet } from "./objects";

/** The provider's own checks, in the order in which it builds the request. */
export function argumentsOf(planned: Values): void {
  const [primary, nics] = [blocksOf(planned.primary_nic), blocksOf(planned.nics)];
  if (primary.length > 0 && nics.length > 0)
    throw new Refusal(
      "primary_nic and nics cannot be used together; use nics to define the full NIC layout at VM creation, or use primary_nic with outscale_nic_link to manage additional NICs separately",
    );
  const tenancy = stringOf(planned.placement_tenancy);
  if (tenancy !== undefined && tenancy !== "default" && tenancy !== "dedicated")
    throw new Refusal('the value of field placement_tenancy can be only "default" or "dedicated"');
  const isPlaced =
    tenancy !== undefined || stringOf(planned.placement_subregion_name) !== undefined;
  if (primary.length + nics.length > 0 && (stringOf(planned.subnet_id) !== undefined || isPlaced))
    throw new Refusal(
      "if you specify nics parameter, you must not specify subnet_id and placement parameters",
    );
  if (isTrue(planned.nested_virtualization) && tenancy !== "dedicated")
    throw new Refusal(
      'the field nested_virtualization can be true only if placement_tenancy is "dedicated"',
    );
  const state = stringOf(planned.state);
  if (state !== "stopped" && state !== "running")
    throw new Refusal("error: state must be `stopped or running`");
}

export function image(account: Account, id: string): Image {
  if (!id.startsWith("ami-"))
    throw invalidValue(4104, `The value ${id} of ImageId is invalid: ami- is expected.`);
  if (!/^ami-[0-9a-f]{8}$/.test(id))
    throw invalidValue(4105, `The id ${id} is malformed: ami- and 8 digits are expected.`);
  return account.images.find(id);
}

export function vmType(type: string): void {
  if (!isVmType(type)) throw invalidResource(5024, `The VM type ${type} does not exist.`);
}

/** The requested address, or the lowest free one. */
export function privateIp(account: Account, subnet: Subnet, wanted: string | undefined): string {
  const range = parseSubnet(subnet.ipRange);
  if (range === undefined) throw notFound("subnet", subnet.id);
  const taken = new Set(
    account.vms.all().flatMap((vm) => (vm.subnet === subnet.id ? [vm.privateIp] : [])),
  );
  if (wanted === undefined) {
    const offsets = Array.from({ length: range.size - RESERVED_FIRST - 1 }, (_, index) => index);
    const free = offsets
      .map((offset) => toAddress(range.first + RESERVED_FIRST + offset))
      .find((address) => !taken.has(address));
    if (free === undefined) throw conflict(9029, `The subnet ${subnet.id} has no free address.`);
    return free;
  }
  if (!contains(range, wanted))
    throw invalidValue(4047, `The private IP ${wanted} is not in ${subnet.ipRange}.`);
  const offset = toNumber(wanted) - range.first;
  if (offset < RESERVED_FIRST || offset === range.size - 1)
    throw invalidValue(4047, `The private IP ${wanted} is reserved by Outscale.`);
  if (taken.has(wanted)) throw conflict(9029, `The private IP ${wanted} is in use.`);
  return wanted;
}

/** Without any, the Net's default group. */
export function groups(account: Account, planned: Values, { net }: Subnet): string[] {
  const named = stringsOf(planned.security_group_names).map((name) => {
    const found = account.securityGroups
      .all()
      .find((group) => group.name === name && group.net === net);
    if (found === undefined) throw notFound("securityGroup", name);
    return found.id;
  });
  const wanted = [...stringsOf(planned.security_group_ids), ...named];
  for (const id of wanted)
    if (account.securityGroups.find(id).net !== net)
      throw invalidResource(5022, `The security group ${id} is not in the Net ${net}.`);
  if (wanted.length > 0) return [...new Set(wanted)];
  return account.securityGroups
    .all()
    .filter((group) => group.isDefault && group.net === net)
    .map(({ id }) => id);
}

/** @returns The user data as sent. */
export function userData(planned: Values): string {
  const text = stringOf(planned.user_data) ?? "";
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
    throw invalidValue(4047, "The value of UserData is not encoded in Base64.");
  if (text.length > USER_DATA_BYTES)
    throw invalidValue(
      4106,
      `The length of UserData is ${text.length}; at most ${USER_DATA_BYTES} are allowed.`,
    );
  return text;
}

export interface WantedVolume {
  readonly device: string;
  readonly sizeGiB: number;
  readonly type: string;
  readonly deleteWithVm: boolean;
}

/** The root disk, from the image or the first mapping, and other disks. */
export function volumes(planned: Values, { sizeGiB }: Image): WantedVolume[] {
  const wanted = blocksOf(planned.block_device_mappings).flatMap((mapping) =>
    blocksOf(mapping.bsu).map((bsu) => volume(stringOf(mapping.device_name) ?? "/dev/sda1", bsu)),
  );
  const root = wanted.find(({ device }) => device === "/dev/sda1");
  if (root !== undefined && root.sizeGiB < sizeGiB)
    throw invalidValue(
      4125,
      `The root volume of ${root.sizeGiB} GiB is smaller than the image's ${sizeGiB}.`,
    );
  if (root !== undefined) return wanted;
  return [{ device: "/dev/sda1", sizeGiB, type: "standard", deleteWithVm: true }, ...wanted];
}

function volume(device: string, bsu: Values): WantedVolume {
  const sizeGiB = numberOf(bsu.volume_size) ?? 0;
  const type = stringOf(bsu.volume_type);
  if (stringOf(bsu.snapshot_id) === undefined && sizeGiB === 0)
    throw new Refusal(
      "error: 'volume_size' parameter is required if the volume is not created from a snapshot (snapshotid unspecified)",
    );
  if ((numberOf(bsu.iops) ?? 0) > 0 && type !== "io1")
    throw new Refusal(
      'the "iops" parameter can only be set when creating an "io1" volume.\nCheck Outscale API documentation for more details:\nhttps://docs.outscale.com/en/userguide/About-Volumes.html#_volume_types_and_iops',
    );
  if (type === "io1" && (numberOf(bsu.iops) ?? 0) === 0)
    throw invalidValue(4047, "A volume of type io1 needs Iops.");
  if (type !== undefined && !VOLUME_TYPES.includes(type))
    throw invalidValue(4047, `The value ${type} of VolumeType is invalid.`);
  return {
    device,
    sizeGiB,
    type: type ?? "standard",
    deleteWithVm: isTrue(bsu.delete_on_vm_deletion),
  };
}

/** Limits from the provider's validation. */
export const BSU_RANGES = [
  ["iops", IOPS.minimum, IOPS.maximum, "inclusive"],
  ["volume_size", VOLUME_SIZE.minimum, VOLUME_SIZE.maximum, "gibibytes inclusive"],
] as const;
