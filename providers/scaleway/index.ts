import type { CloudProvider } from "../../constructs/cloud-provider";
import { type InfrastructureModule, lazyConstructs } from "../lazy-constructs";
import { planAddresses } from "./addresses";
import { bastionSetup } from "./bastion-setup";
import { info } from "./info";
import { resolve } from "./resolve";

/** Scaleway: a regional private network, a public gateway, a load balancer, and instances over up to three zones. */
export const scaleway: CloudProvider = {
  ...info,
  resolve,
  planAddresses,
  bastionSetup,
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a static import would load it
  ...lazyConstructs(() => require("./infrastructure") as InfrastructureModule),
};
