import type { CloudProvider } from "../../constructs/cloud-provider";
import { type InfrastructureModule, lazyConstructs } from "../lazy-constructs";
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
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a static import would load it
  ...lazyConstructs(() => require("./infrastructure") as InfrastructureModule),
};
