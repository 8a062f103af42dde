import { type AddressPlan, planInQuarters } from "../../constructs/model/address-plan";
import type { Cidr } from "../../constructs/model/cidr";

/** Offsets from the start of the private network, for everything but nodes. */
export const addresses = { router: 1, loadBalancer: 3 };

/**
 * Offsets of the first and the last address that the cloud assigns by itself, at random: apart from
 * the planned ones.
 */
export function assignedAddresses(network: Cidr): {
  readonly first: number;
  readonly last: number;
} {
  const first = 3 * (network.size / 4);
  return { first, last: first + 239 };
}

/** The network is regional, so zones need no part of their own. */
export function planAddresses(network: Cidr): AddressPlan {
  // Octavia's machines get an assigned address each, and another one after a failover.
  const { first, last } = assignedAddresses(network);
  return planInQuarters(network, network.between(first, last));
}
