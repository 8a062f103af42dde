/** Updates of a VM: live, with a stop and a start, or ignored. */
import { Refusal, type CallContext, type Values } from "../../protocol/model";
import { blocksOf, isTrue, listOf, sameValue, numberOf, stringOf } from "../values";
import type { Account } from "./account";
import { performanceOf } from "./catalogue";
import type { Vm } from "./objects";
import * as check from "./vm-checks";
import { start, stop } from "./vm-power";

/** Stops and starts the machines of a plan in parallel, without asking. */
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
  const type = stringOf(planned.vm_type) ?? vm.type;
  check.vmType(type);
  vm.type = type;
  vm.performance = performanceOf(type) ?? stringOf(planned.performance) ?? vm.performance;
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
  change: { planned: Values; changes: boolean; cycles: boolean },
  context: CallContext,
): Promise<void> {
  const wanted = stringOf(change.planned.state) ?? "running";
  if (change.changes && wanted !== "stopped" && wanted !== "running")
    throw new Refusal("error: state should be `stopped or running`");
  if (change.changes && wanted === "stopped") await stop(account, vm, context);
  else if (change.changes || change.cycles) await start(account, vm, context);
}

export function shutdownBehavior(values: Values): string | undefined {
  const [configuration] = blocksOf(values.shutdown_behavior_configuration);
  return stringOf(configuration?.guest_action) ?? stringOf(values.vm_initiated_shutdown_behavior);
}

/** By index, as the provider compares them: it crashes when there is one more than before. */
function changeVolumes(vm: Vm, planned: Values, prior: Values): void {
  const [before, after] = [prior, planned].map((values) => listOf(values.block_device_mappings));
  if ((after?.length ?? 0) > (before?.length ?? 0))
    throw new Refusal(
      "Plugin did not respond",
      `The plugin encountered an error, and failed to respond to the plugin6.(*GRPCProvider).ApplyResourceChange call: index out of range [${before?.length}] with length ${before?.length}`,
    );
  for (const mapping of blocksOf(planned.block_device_mappings)) {
    const volume = vm.volumes.find(({ device }) => device === stringOf(mapping.device_name));
    const [bsu] = blocksOf(mapping.bsu);
    if (volume === undefined || bsu === undefined) continue;
    volume.sizeGiB = numberOf(bsu.volume_size) ?? volume.sizeGiB;
    volume.type = stringOf(bsu.volume_type) ?? volume.type;
    volume.deleteWithVm = isTrue(bsu.delete_on_vm_deletion);
  }
}
