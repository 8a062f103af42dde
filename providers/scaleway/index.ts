import type { CloudProvider } from "../../constructs/cloud-provider";
import { type ImageModule, type InfrastructureModule, lazyConstructs } from "../lazy-constructs";
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
  /* eslint-disable @typescript-eslint/no-require-imports -- static imports would load them */
  ...lazyConstructs(
    () => require("./infrastructure") as InfrastructureModule,
    () => require("./image") as ImageModule,
  ),
  /* eslint-enable */
};
