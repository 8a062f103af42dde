/**
 * VM in a subnet of a Net, with one NIC that it owns. What its first boot finds is fixed at its
 * first power-on. When its type is sold out it stays stopped, and the provider only warns.
 */
import { Refusal, type CallContext, type PlannedChange, type Values } from "../../protocol/model";
import { blocksOf, isTrue, stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import { DURATION, TIMEOUT, performanceOf } from "./catalogue";
import { included, stringInSlice } from "./checks";
import { ApiError, invalidResource, invalidState } from "./errors";
import { newId, newMacAddress } from "./ids";
import type { Vm } from "./objects";
import type { Kind } from "./resource";
import { timeoutOf } from "./timeouts";
import { changeVm, shutdownBehavior } from "./vm-change";
import * as check from "./vm-checks";
import { powerOn } from "./vm-power";
import { shownVm } from "./vm-state";

export function vm(account: Account): Kind<Vm> {
  return {
    type: "outscale_vm",
    generation: "sdkv2",
    title: "VM",
    replacedBy: [
      "image_id",
      "subnet_id",
      "boot_mode",
      "tpm_enabled",
      "nics",
      "primary_nic",
      "block_device_mappings.device_name",
      "block_device_mappings.no_device",
      "block_device_mappings.virtual_device_name",
      "block_device_mappings.bsu.snapshot_id",
    ],
    defaults: { state: "running", nested_virtualization: false },
    computedBlocks: ["nics", "primary_nic", "shutdown_behavior_configuration"],
    validate: (config) => [
      ...stringInSlice(config, "boot_mode", ["legacy", "uefi"]),
      ...stringInSlice(config, "secure_boot_action", ["enable", "disable", "setup-mode", "none"]),
      ...volumeProblems(config),
    ],

    plan: planIops,

    create(planned, context) {
      check.argumentsOf(planned);
      try {
        return launch(account, planned, context.config);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        throw new Refusal(`error launching source vm: ${error.message}`);
      }
    },

    async finish(object, planned, context) {
      if (stringOf(planned.keypair_name) !== undefined)
        context.warn(
          "Write-only Alternative Available",
          "The attribute keypair_name has a write-only alternative keypair_name_wo available. Use the write-only alternative when possible to avoid persisting the value in plan and state.",
        );
      if (stringOf(planned.state) !== "stopped") powerOn(account, object);
      await account.settle(object, DURATION.vmReady, context);
    },

    find: (state) => account.vms.get(stringOf(state.id) ?? ""),
    show: (object, given) => shownVm(account, object, given),
    notice: warnIfStopped,
    update: (object, planned, prior, context) => changeVm(account, object, planned, prior, context),
    delete: (state, context) => terminate(account, state, context),
  };
}

/** Creating a VM leaves its unset IOPS null; any later change plans them as 0 (recorded). */
function planIops({ prior, planned, changed }: PlannedChange): void {
  if (prior === null || !Object.keys(planned).some((name) => changed(name))) return;
  for (const mapping of blocksOf(planned.block_device_mappings))
    for (const bsu of blocksOf(mapping.bsu)) bsu.iops ??= 0;
}

function launch(account: Account, planned: Values, config: Values): Vm {
  const image = check.image(account, stringOf(planned.image_id) ?? "");
  const type = stringOf(planned.vm_type) ?? "t2.small";
  check.vmType(type);
  const subnetId = stringOf(planned.subnet_id);
  if (subnetId === undefined)
    throw new Refusal(
      "The simulated account has no public Cloud",
      "Set subnet_id: a VM without one, or with NICs of its own, is not simulated.",
    );
  const subnet = account.subnets.find(subnetId);
  const groups = check.groups(account, planned, subnet);
  const userData = check.userData(planned);
  const volumes = check.volumes(planned, image);
  const keypair = stringOf(planned.keypair_name) ?? stringOf(config.keypair_name_wo);
  if (keypair !== undefined) throw invalidResource(5071, `The keypair ${keypair} does not exist.`);
  const privateIp = check.privateIp(account, subnet, stringsOf(planned.private_ips)[0]);
  account.checkQuota("vms", account.vms.all().length);
  return account.vms.put({
    ...account.newObject("i"),
    image: image.id,
    imageName: image.name,
    platform: image.platform,
    subnet: subnet.id,
    privateIp,
    nic: newId("eni"),
    nicLink: newId("eni-attach"),
    macAddress: newMacAddress(),
    reservation: newId("r"),
    createdAt: account.timestamp(),
    bootMode: stringOf(planned.boot_mode) ?? image.bootModes[0] ?? "legacy",
    volumes: volumes.map((volume) => ({
      ...volume,
      id: newId("vol"),
      linkedAt: account.timestamp(),
    })),
    type,
    performance: performanceOf(type) ?? stringOf(planned.performance) ?? "high",
    groups,
    userData,
    keypair: "",
    deletionProtection: isTrue(planned.deletion_protection),
    isSourceDestChecked: planned.is_source_dest_checked !== false,
    shutdownBehavior: shutdownBehavior(planned) ?? "stop",
    state: "stopped",
    stateReason: "",
  });
}

function warnIfStopped(object: Vm, given: Values, context: CallContext): void {
  const expected = stringOf(given.state);
  if (object.state !== "stopped" || expected === undefined || expected === "stopped") return;
  const hint = object.stateReason.includes("InsufficientInstanceCapacity")
    ? `VM is in state "stopped", but ${expected} is expected.\nReason: ${object.stateReason}\nTo get a running VM, you can:\n- Try to restart the VM\n- Change the 'placement_subregion_name' attribute\n- Modify the 'vm_type' attribute (e.g., from v7 to v6)\n`
    : `VM is in state stopped, expected ${expected}. Reason: ${object.stateReason}`;
  context.warn("VM is not in the expected state", hint);
}

/** Powers the VM off, then deletes it. With protection the API refuses, and the provider loses the reason. */
async function terminate(account: Account, state: Values, context: CallContext): Promise<void> {
  const id = stringOf(state.id) ?? "";
  const timeout = timeoutOf(state, "delete", TIMEOUT.delete);
  let object: Vm;
  try {
    object = await account.retry([9039], timeout, context, () => {
      const found = account.vms.find(id);
      if (!account.isReady(found)) throw invalidState(9039, `The VM ${id} is pending.`);
      return found;
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new Refusal(`error force stopping vms before destroy ${error.message}`);
  }
  object.state = "stopped";
  if (object.deletionProtection) throw new Refusal("error deleting the vm");
  await account.vanish(object, DURATION.vmTerminated, context, () => {
    remove(account, object);
  });
}

function remove(account: Account, { id, volumes }: Vm): void {
  for (const ip of account.publicIps.all()) if (ip.link?.vm === id) delete ip.link;
  for (const volume of volumes.filter(({ deleteWithVm }) => !deleteWithVm))
    account.orphanVolumes.put({
      ...account.newObject("vol"),
      id: volume.id,
      sizeGiB: volume.sizeGiB,
      type: volume.type,
      vm: id,
    });
  account.vms.remove(id);
}

function volumeProblems(config: Values) {
  return blocksOf(config.block_device_mappings).flatMap((mapping, index) =>
    blocksOf(mapping.bsu).flatMap((bsu) =>
      check.BSU_RANGES.flatMap(([name, minimum, maximum, words]) =>
        included(
          bsu[name],
          `block_device_mappings.${index}.bsu.0.${name}`,
          minimum,
          maximum,
          ["block_device_mappings", index, "bsu", 0, name],
          words,
        ),
      ),
    ),
  );
}
