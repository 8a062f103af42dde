import { planInQuarters } from "../../constructs/model/address-plan";

/** Offsets from the private network's start of what is no node. */
export const addresses = { gateway: 2, loadBalancer: 3 };

/** The network is regional, so that zones need no part of their own. */
export const planAddresses = planInQuarters;
