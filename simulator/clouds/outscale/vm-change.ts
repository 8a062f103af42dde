/** What an update of a VM changes: live, by a stop and a start, or nothing at all. */
import { Refusal, type CallContext, type Values } from "../../protocol/model";
import { blocksOf, isTrue, listOf, sameValue, numberOf, textOf } from "../values";
import type { Account } from "./account";
import { performanceOf } from "./catalogue";
import type { Vm } from "./objects";
import * as check from "./vm-checks";
import { start, stop } from "./vm-power";

/** All machines of a plan at once, each without being asked. */
const NEEDS_STOP = ["vm_type", "user_data", "performance", "nested_virtualization"];

export async function changeVm(
  account: Account,
  vm: Vm,
  planned: Values,
  prior: Values,
  context: CallContext,
): Promise<void> {
  const changed = (name: string) => !sameValue(planned[name], prior[name]);
  const cycles = NEEDS_STOP.some(changed);
  if (cycles) await stop(account, vm, context);
  const type = textOf(planned.vm_type) ?? vm.type;
  check.vmType(type);
  vm.type = type;
  vm.performance = performanceOf(type) ?? textOf(planned.performance) ?? vm.performance;
  vm.userData = check.userData(planned);
  vm.deletionProtection = isTrue(planned.deletion_protection);
  vm.isSourceDestChecked = planned.is_source_dest_checked !== false;
  if (changed("security_group_ids") || changed("security_group_names"))
    vm.groups = check.groups(account, planned, account.subnets.find(vm.subnet));
  vm.shutdownBehavior = shutdownBehavior(planned) ?? vm.shutdownBehavior;
  changeVolumes(vm, planned, prior);
  await changeState(account, vm, { planned, changes: changed("state"), cycles }, context);
}

async function changeState(
  account: Account,
  vm: Vm,
  wish: { planned: Values; changes: boolean; cycles: boolean },
  context: CallContext,
): Promise<void> {
  const wanted = textOf(wish.planned.state) ?? "running";
  if (wish.changes && wanted !== "stopped" && wanted !== "running")
    throw new Refusal("error: state should be `stopped or running`");
  if (wish.changes && wanted === "stopped") await stop(account, vm, context);
  else if (wish.changes || wish.cycles) await start(account, vm, context);
}

export function shutdownBehavior(values: Values): string | undefined {
  const [configuration] = blocksOf(values.shutdown_behavior_configuration);
  return textOf(configuration?.guest_action) ?? textOf(values.vm_initiated_shutdown_behavior);
}

/** By index, as the provider compares them: it crashes on one more than there was. */
function changeVolumes(vm: Vm, planned: Values, prior: Values): void {
  const [before, after] = [prior, planned].map((values) => listOf(values.block_device_mappings));
  if ((after?.length ?? 0) > (before?.length ?? 0))
    throw new Refusal(
      "Plugin did not respond",
      `The plugin encountered an error, and failed to respond to the plugin6.(*GRPCProvider).ApplyResourceChange call: index out of range [${before?.length}] with length ${before?.length}`,
    );
  for (const mapping of blocksOf(planned.block_device_mappings)) {
    const volume = vm.volumes.find(({ device }) => device === textOf(mapping.device_name));
    const [bsu] = blocksOf(mapping.bsu);
    if (volume === undefined || bsu === undefined) continue;
    volume.sizeGiB = numberOf(bsu.volume_size) ?? volume.sizeGiB;
    volume.type = textOf(bsu.volume_type) ?? volume.type;
    volume.deleteWithVm = isTrue(bsu.delete_on_vm_deletion);
  }
}
