import { planInQuarters } from "../../constructs/model/address-plan";

/** Offsets from the start of the private network, for everything but nodes. */
export const addresses = { gateway: 2, loadBalancer: 3 };

/** The network is regional, so zones need no part of their own. */
export const planAddresses = planInQuarters;
