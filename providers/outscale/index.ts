import type { CloudProvider } from "../../constructs/cloud-provider";
import { type InfrastructureModule, lazyConstructs } from "../lazy-constructs";
import { planAddresses } from "./addresses";
import { bastionSetup } from "./bastion-setup";
import { info } from "./info";
import { resolve } from "./resolve";

/** Outscale: a Net with a private subnet in each subregion used, a NAT service, an LBU, and VMs. */
export const outscale: CloudProvider = {
  ...info,
  resolve,
  planAddresses,
  bastionSetup,
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a static import would load it
  ...lazyConstructs(() => require("./infrastructure") as InfrastructureModule),
};
