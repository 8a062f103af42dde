/** Requests for load balancers that the API refuses. Codes: Outscale's API test suite, test_CreateLoadBalancer. */
import type { Values } from "../../protocol/model";
import { listOf, stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import {
  conflict,
  dependency,
  invalidCombination,
  invalidResource,
  invalidValue,
  notFound,
  notSupported,
} from "./errors";
import type { Listener, Subnet } from "./objects";
import { holderOf } from "./public-ip";
import { isPublic } from "./topology";

const PROTOCOLS = ["HTTP", "HTTPS", "TCP", "SSL", "UDP"];

export function name(account: Account, text: string): void {
  if (text.length > 32)
    throw invalidValue(4106, `The length of ${text} is ${text.length}; at most 32 are allowed.`);
  if (!/^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/.test(text))
    throw invalidValue(
      4036,
      `The name ${text} is invalid: letters, digits and dashes, no dash at its ends.`,
    );
  if (account.loadBalancers.get(text) !== undefined)
    throw conflict(9013, `A load balancer named ${text} already exists.`);
}

/** Exactly one subnet, though the argument is a list; a public one for an internet-facing load balancer. */
export function subnet(account: Account, planned: Values, type: string): Subnet {
  if (type !== "internet-facing" && type !== "internal")
    throw invalidValue(4047, `The value ${type} of LoadBalancerType is invalid.`);
  const [reference, ...others] = stringsOf(planned.subnets);
  if (others.length > 0) throw notSupported(8010, "A load balancer can be in one subnet only.");
  if (reference === undefined) {
    if (listOf(planned.subregion_names).length > 0)
      throw notSupported(8010, "The simulated account has no public Cloud.");
    throw invalidCombination("A load balancer needs a subnet.");
  }
  const found = account.subnets.find(reference);
  if (type === "internet-facing" && !isPublic(account, found))
    throw dependency(1003, `The subnet ${found.id} has no route to an internet service.`);
  return found;
}

/** Without any, the Net's default group. */
export function groups(account: Account, ids: readonly string[], { net }: Subnet): string[] {
  if (ids.length === 0)
    return account.securityGroups
      .all()
      .filter((group) => group.isDefault && group.net === net)
      .map(({ id }) => id);
  for (const id of ids)
    if (account.securityGroups.find(id).net !== net)
      throw invalidResource(5022, `The security group ${id} is not in the Net ${net}.`);
  return [...ids];
}

export function listeners(all: readonly Listener[]): void {
  if (all.length === 0) throw invalidValue(4095, "A load balancer needs a listener.");
  for (const { port, backendPort, protocol, backendProtocol } of all) {
    if ([port, backendPort].some((one) => one < 1 || one > 65_535))
      throw invalidValue(4037, `The ports ${port} and ${backendPort} must be from 1 to 65535.`);
    if (![protocol, backendProtocol].every((one) => PROTOCOLS.includes(one)))
      throw invalidValue(4095, `The protocols ${protocol} and ${backendProtocol} are invalid.`);
  }
}

/** A free one of the account's, or one of Outscale's, which is deleted with the load balancer. */
export function publicAddress(
  account: Account,
  wanted: string | undefined,
  type: string,
): string | undefined {
  if (type === "internal") {
    if (wanted !== undefined)
      throw invalidCombination("An internal load balancer has no public IP.");
    return undefined;
  }
  if (wanted === undefined) return account.takePublicAddress();
  const ip = account.publicIps.all().find(({ address }) => address === wanted);
  if (ip === undefined) throw notFound("publicIp", wanted);
  const holder = holderOf(account, ip);
  if (holder !== undefined) throw conflict(9031, `The public IP ${wanted} is in use by ${holder}.`);
  return stringOf(wanted);
}
