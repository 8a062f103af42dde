/** How packets leave and enter a subnet: its route table, and the target of its default route. */
import { parseSubnet } from "../addresses";
import type { Account } from "./account";
import type { Net, Route, RouteTable, Subnet } from "./objects";

const EVERYWHERE = "0.0.0.0/0";

export type RouteState = "active" | "blackhole";

/** The table of an explicit link, or else the Net's main one. */
export function tableOf(account: Account, subnet: Subnet): RouteTable | undefined {
  const tables = account.routeTables.all().filter(({ net }) => net === subnet.net);
  return (
    tables.find(({ links }) => links.some((link) => link.subnet === subnet.id)) ??
    tables.find(({ isMain }) => isMain)
  );
}

/** A route to a deleted target, or one that is not in the Net, drops packets. */
export function stateOf(account: Account, table: RouteTable, { target }: Route): RouteState {
  const { gateway, nat, vm } = target;
  const leads =
    gateway !== undefined
      ? account.internetServices.get(gateway)?.net === table.net
      : nat !== undefined
        ? account.natServices.get(nat)?.net === table.net
        : vm === undefined || account.vms.get(vm) !== undefined;
  return leads ? "active" : "blackhole";
}

function defaultRoute(account: Account, subnet: Subnet) {
  const table = tableOf(account, subnet);
  const route = table?.routes.find(({ destination }) => destination === EVERYWHERE);
  return table && route && { route, state: stateOf(account, table, route) };
}

/** Whether a NAT service or an internet-facing load balancer can be here: a default route to the internet service. */
export function isPublic(account: Account, subnet: Subnet): boolean {
  const found = defaultRoute(account, subnet);
  return found?.route.target.gateway !== undefined && found.state === "active";
}

/** Why a machine without a public address cannot reach the internet; undefined when it can. */
export function egressProblem(account: Account, subnet: Subnet): string | undefined {
  const found = defaultRoute(account, subnet);
  if (found === undefined) {
    const isLinked = tableOf(account, subnet)?.isMain === false;
    return isLinked
      ? "its subnet's route table has no default route"
      : "its subnet has no route table with a default route linked to it";
  }
  const { route, state } = found;
  if (state === "blackhole") return "its subnet's default route leads nowhere (blackhole)";
  const { nat } = route.target;
  if (nat === undefined) return undefined;
  const service = account.natServices.get(nat);
  const place = service && account.subnets.get(service.subnet);
  if (place === undefined || !isPublic(account, place))
    return "the NAT service of its default route is not in a public subnet";
  return undefined;
}

/** What keeps a Net from being deleted (API, DeleteNet). */
export function contentOf(account: Account, { id }: Net): string[] {
  const inNet = (objects: readonly { id: string; net?: string }[]) =>
    objects.filter(({ net }) => net === id).map((object) => object.id);
  return [
    ...inNet(account.subnets.all()),
    ...inNet(account.securityGroups.all().filter(({ isDefault }) => !isDefault)),
    ...inNet(account.routeTables.all().filter(({ isMain }) => !isMain)),
    ...inNet(account.internetServices.all()),
  ];
}

/** What keeps a subnet from being deleted. */
export function usersOf(account: Account, subnet: string): string[] {
  return [account.vms.all(), account.natServices.all(), account.loadBalancers.all()].flatMap(
    (objects) => objects.filter((object) => object.subnet === subnet).map(({ id }) => id),
  );
}

export function sizeOf(subnet: Subnet): number {
  return parseSubnet(subnet.ipRange)?.size ?? 0;
}
