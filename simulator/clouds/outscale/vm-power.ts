/** Power of a VM, and what its boot finds. */
import type { CallContext } from "../../protocol/model";
import type { Account } from "./account";
import { DURATION } from "./catalogue";
import type { Vm } from "./objects";
import { egressProblem } from "./topology";

/** Decides what the first boot finds. When its type is sold out, the VM stays stopped. */
export function powerOn(account: Account, vm: Vm): void {
  if (account.limits.outOfStock.includes(vm.type)) {
    vm.state = "stopped";
    vm.stateReason = "Server.InsufficientInstanceCapacity: Insufficient capacity";
    return;
  }
  const subnet = account.subnets.find(vm.subnet);
  vm.state = "running";
  vm.stateReason = "";
  vm.boot = {
    at: account.now(),
    userData: vm.boot?.userData ?? Buffer.from(vm.userData, "base64").toString("utf8"),
    obstacle: egressProblem(account, subnet),
  };
  account.save();
}

export async function start(account: Account, vm: Vm, context: CallContext): Promise<void> {
  powerOn(account, vm);
  await account.settle(vm, DURATION.vmReady, context);
}

export async function stop(account: Account, vm: Vm, context: CallContext): Promise<void> {
  await account.awaitReady(vm, context);
  if (vm.state === "stopped") return;
  vm.state = "stopped";
  vm.stateReason = "Client.UserInitiatedShutdown: User initiated shutdown";
  account.world.observe?.();
  await account.settle(vm, DURATION.vmStopped, context);
}
