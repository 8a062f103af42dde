import type { CloudProvider } from "../../constructs/cloud-provider";
import { type ImageModule, type InfrastructureModule, lazyConstructs } from "../lazy-constructs";
import { planAddresses } from "./addresses";
import { bastionSetup } from "./bastion-setup";
import { info } from "./info";
import { resolve } from "./resolve";

/** OVHcloud's Public Cloud, which is OpenStack: a private network of a vRack, a router, Octavia, and instances. */
export const ovh: CloudProvider = {
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
