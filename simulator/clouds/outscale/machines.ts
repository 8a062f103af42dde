/** A VM as a machine: the configuration that its boot finds, its addresses, its default route. */
import type { Machine } from "../../machines";
import type { Account } from "./account";
import { sourceOf } from "./backends";
import type { Vm } from "./objects";
import { allows } from "./security-rules";
import { isPublic } from "./topology";

export function machinesOf(account: Account): Machine[] {
  return account.vms
    .all()
    .sort((a, b) => a.sequence - b.sequence)
    .map((vm) => {
      const publicAddress = publicAddressOf(account, vm);
      return {
        id: vm.id,
        name: nameOf(vm),
        running: vm.state === "running",
        image: vm.imageName,
        publicAddress,
        privateAddress: vm.privateIp,
        userData: readsUserData(vm) && vm.boot?.userData !== "" ? vm.boot?.userData : undefined,
        problems: problemsOf(vm, publicAddress !== undefined),
      };
    });
}

/**
 * Security groups also filter traffic inside the Net: outbound by the source's, inbound by the
 * target's.
 * @returns Why a TCP connection gets no answer; undefined when it passes.
 */
export function dropped(
  account: Account,
  source: string,
  address: string,
  port: number,
): string | undefined {
  const vmAt = (place: string) => account.vms.all().find(({ privateIp }) => privateIp === place);
  const groupsOf = (vm: Vm) => vm.groups.flatMap((id) => account.securityGroups.get(id) ?? []);
  const [from, to] = [vmAt(source), vmAt(address)];
  if (to === undefined) return undefined;
  const target = { address, groups: to.groups };
  if (from !== undefined && !allows(groupsOf(from), "outbound", port, target))
    return `security groups of ${nameOf(from)}: no rule lets it out to ${address} on tcp/${port}`;
  const groups = from?.groups ?? balancerGroups(account, source);
  return allows(groupsOf(to), "inbound", port, { address: source, groups })
    ? undefined
    : `security groups of ${nameOf(to)}: no rule lets ${source} in on tcp/${port}`;
}

/** Of the load balancer that connects from an address. */
function balancerGroups(account: Account, address: string): readonly string[] {
  const sources = account.loadBalancers.all().map((balancer) => sourceOf(account, balancer));
  return sources.find((source) => source?.address === address)?.groups ?? [];
}

function nameOf({ id, tags }: Vm): string {
  return tags.Name ?? id;
}

/** Mapped one to one by the internet service: useless while there is none. */
function publicAddressOf(account: Account, vm: Vm): string | undefined {
  const ip = account.publicIps.all().find(({ link }) => link?.vm === vm.id);
  const subnet = account.subnets.get(vm.subnet);
  return subnet !== undefined && isPublic(account, subnet) ? ip?.address : undefined;
}

/**
 * The metadata address serves user data in EC2's format, to machines without a public address too.
 * Images for metal read it when their kernel arguments say so, which cannot be seen from outside.
 */
function readsUserData({ platform }: Vm): boolean {
  return platform !== "nocloud" && platform !== "openstack";
}

function problemsOf(vm: Vm, hasPublicAddress: boolean): string[] {
  const { boot, state, stateReason } = vm;
  if (boot === undefined) {
    return stateReason.includes("InsufficientInstanceCapacity")
      ? [`It is stopped: there was no capacity for its type ${vm.type} in its subregion.`]
      : ["It has never been powered on."];
  }
  return [
    ...(state === "running" ? [] : [`It is ${state}: ${stateReason}`]),
    ...(boot.obstacle === undefined || hasPublicAddress
      ? []
      : [`It had no way out to the internet when it booted: ${boot.obstacle}.`]),
    ...configurationProblems(vm, boot.userData),
  ];
}

function configurationProblems(vm: Vm, userData: string): string[] {
  if (vm.platform === "cloud-init") return [];
  if (!readsUserData(vm))
    return [
      `Its image ${vm.imageName} is for ${vm.platform}, which finds no configuration on Outscale: Talos waits in maintenance mode. An image for aws reads its user data.`,
    ];
  if (userData === "") return ["It has no user data: Talos waits for a configuration."];
  if (userData.startsWith("#cloud-config"))
    return ["Its user data begins with #cloud-config, which Talos takes for no configuration."];
  return [];
}
