/** In-place updates of a server: power and other arguments. */
import { Refusal, type CallContext, type Values } from "../../protocol/model";
import type { Account } from "./account";
import { DURATION, PRIVATE_NETWORKS_PER_INSTANCE, machineType } from "./catalogue";
import { badRequest } from "./errors";
import { bareId } from "./ids";
import type { Server } from "./objects";
import { plugIn, removeNic } from "./private-nic";
import { resizeRootVolume } from "./root-volume";
import * as check from "./server-checks";
import { blockOf, blocksOf, isTrue, sameValue, stringOf } from "../values";

/** Decides what the first boot finds: a public address, and which user data. */
export async function powerOn(
  account: Account,
  object: Server,
  context: CallContext,
): Promise<void> {
  if (object.enableDynamicIp && object.publicIps.length === 0)
    object.dynamicAddress ??= account.takePublicAddress();
  object.state = "started";
  object.firstBoot ??= {
    userData: object.userData["cloud-init"],
    publicAddress: object.publicIps.length > 0 || object.dynamicAddress !== undefined,
  };
  await account.settle(object, DURATION.serverBooted, context);
}

async function powerOff(account: Account, object: Server, context: CallContext): Promise<void> {
  object.state = "stopped";
  delete object.dynamicAddress;
  account.world.observe?.();
  await account.settle(object, DURATION.serverStopped, context);
}

export async function changeServer(
  account: Account,
  object: Server,
  planned: Values,
  prior: Values,
  context: CallContext,
): Promise<void> {
  await account.awaitReady(object, "server", context);
  const zone = object.locality;
  const wantedState = stringOf(planned.state) ?? object.state;
  const group = stringOf(planned.placement_group_id);
  if (group !== undefined && !sameValue(planned.placement_group_id, prior.placement_group_id)) {
    if (wantedState !== "stopped")
      throw new Refusal("instance must be stopped to change placement group");
    object.placementGroup = check.placementGroup(account, group, zone);
  } else if (group === undefined) delete object.placementGroup;

  object.securityGroup = check.securityGroup(account, stringOf(planned.security_group_id), zone);
  object.protected = isTrue(planned.protected);
  object.enableDynamicIp = isTrue(planned.enable_dynamic_ip);
  object.deleteRootVolume = blockOf(planned.root_volume)?.delete_on_termination !== false;
  resizeRootVolume(account, object, planned);
  changeIps(account, object, planned);
  changeUserData(object, planned, context);
  if (!sameValue(planned.boot_type, prior.boot_type)) {
    object.bootType = stringOf(planned.boot_type) ?? "local";
    if (object.state !== "stopped")
      context.warn("instance may need to be rebooted to use the new boot type");
  }
  await changeType(account, object, stringOf(planned.type) ?? object.type, context);
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
    throw check.unknownType(typeName, object.locality);
  check.stockAndQuota(account, typeName, object.locality);
  const wasRunning = object.state !== "stopped";
  if (wasRunning) await powerOff(account, object, context);
  object.type = typeName.toUpperCase();
  if (wasRunning) await powerOn(account, object, context);
}

function changeUserData(object: Server, planned: Values, context: CallContext): void {
  const before = object.userData["cloud-init"];
  object.userData = check.userDataOf(planned);
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

export function releaseIps(account: Account, ids: readonly string[]): void {
  for (const id of ids) {
    const ip = account.instanceIps.get(id);
    if (ip === undefined) continue;
    delete ip.attachedTo;
    account.touch(ip);
  }
}

/** Only NICs of the inline blocks: those of resources of their own are left alone. */
async function changeNics(
  account: Account,
  object: Server,
  planned: Values,
  prior: Values,
  context: CallContext,
): Promise<void> {
  const networks = (values: Values) =>
    blocksOf(values.private_network).map((block) => bareId(stringOf(block.pn_id) ?? ""));
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
