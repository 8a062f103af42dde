/**
 * Whether a backend gets traffic: the load balancer connects to it from its own subnet, and uses it
 * after as many successful health checks as its threshold says.
 */
import { parseSubnet, toAddress } from "../addresses";
import type { Account } from "./account";
import { DURATION, RESERVED_FIRST } from "./catalogue";
import type { Backend, LoadBalancer } from "./objects";
import { stateOf } from "./load-balancer-state";
import { allows } from "./security-rules";

/** @returns Why it gets no traffic; undefined when it does. */
function backendState(
  account: Account,
  balancer: LoadBalancer,
  { vm: id, since }: Backend,
): string | undefined {
  const vm = account.vms.get(id);
  if (vm === undefined) return `${id} does not exist any more`;
  if (vm.state !== "running" || vm.boot === undefined) return `${id} is ${vm.state}`;
  const { healthCheck } = balancer;
  const source = sourceOf(account, balancer);
  const groups = vm.groups.flatMap((group) => account.securityGroups.get(group) ?? []);
  if (source === undefined || !allows(groups, "inbound", healthCheck.port, source))
    return `the security groups of ${id} do not let the load balancer in on tcp/${healthCheck.port}`;
  const scale = account.world.clock.timeScale;
  const answersFrom = vm.boot.at + DURATION.vmBooted * scale;
  const checks = healthCheck.healthyThreshold * healthCheck.interval * 1000 * scale;
  return account.now() < Math.max(answersFrom, since) + checks
    ? `${id} has not passed ${healthCheck.healthyThreshold} health checks in a row yet`
    : undefined;
}

/** An address of its own subnet; the API does not return which. */
export function sourceOf(account: Account, { subnet, groups }: LoadBalancer) {
  const range = parseSubnet(account.subnets.get(subnet)?.ipRange ?? "");
  return range && { address: toAddress(range.first + RESERVED_FIRST), groups };
}

/** A load balancer as its clients see it. */
export interface BalancerView {
  readonly name: string;
  readonly state: string;
  readonly publicAddress?: string;
  readonly dnsName: string;
  /** Each backend with the reason why it gets no traffic; undefined when it does. */
  readonly backends: readonly { readonly vm: string; readonly problem?: string }[];
}

export function balancerViews(account: Account): BalancerView[] {
  return account.loadBalancers.all().map((object) => ({
    name: object.id,
    state: stateOf(account, object),
    publicAddress: object.publicAddress,
    dnsName: object.dnsName,
    backends: object.backends.map((backend) => ({
      vm: backend.vm,
      problem: backendState(account, object, backend),
    })),
  }));
}
