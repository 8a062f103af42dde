import { type AddressPlan, planInQuarters } from "../../constructs/model/address-plan";
import type { Cidr } from "../../constructs/model/cidr";

/** Offsets from the start of the private network, for everything but nodes. */
export const addresses = { gateway: 2, loadBalancer: 3 };

/**
 * The source range of the load balancer's health checks in the HCL original. Nothing on the private
 * network is in it (RFC 6598).
 */
const carrierGradeNat = "100.64.0.0/10";

/** The network is regional, so zones need no part of their own. */
export function planAddresses(network: Cidr): AddressPlan {
  // The load balancer is a pair of machines. One has the reserved address; the other's, if it has
  // one, is assigned from the start of the network on.
  const assigned = network.between(0, network.size / 4 - 1);
  return planInQuarters(network, [...assigned, carrierGradeNat]);
}
