import type { CloudProvider } from "../../constructs/cloud-provider";
import { type ImageModule, type InfrastructureModule, lazyConstructs } from "../lazy-constructs";
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
  /* eslint-disable @typescript-eslint/no-require-imports -- static imports would load them */
  ...lazyConstructs(
    () => require("./infrastructure") as InfrastructureModule,
    () => require("./image") as ImageModule,
  ),
  /* eslint-enable */
};
