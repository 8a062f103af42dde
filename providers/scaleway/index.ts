import { ScalewayProvider } from "@cdktf/provider-scaleway/lib/provider";
import { planInQuarters } from "../../constructs/model/address-plan";
import type { CloudProvider } from "../../constructs/cloud-provider";
import { cloudTitles } from "../../constructs/model/cluster-spec";
import { access } from "./access";
import { bastionSetup, ScalewayBastion } from "./bastion";
import { ScalewayCompute } from "./compute";
import { userDataLimit } from "./catalog";
import { recovery } from "./recovery";
import { ScalewayLoadBalancer } from "./load-balancer";
import { ScalewayNetwork } from "./network";
import { resolve } from "./resolve";

/** Scaleway: a regional private network, a public gateway, a load balancer, and instances over up to three zones. */
export const scaleway: CloudProvider = {
  name: "scaleway",
  title: cloudTitles.scaleway,
  credentials: ["SCW_ACCESS_KEY", "SCW_SECRET_KEY", "SCW_DEFAULT_PROJECT_ID"],
  // Scaleway's own platform asks a metadata service that only a public address reaches.
  talos: { name: "nocloud" },
  bastionSetup,
  userDataLimit,
  restartedBy: ["type"],
  recovery,
  // The data source of a gateway's network takes no zone (provider 2.80.0).
  lookUpSettings: ({ region, zone }) => ({ region, zone }),
  access,
  resolve,
  planAddresses: planInQuarters,

  create: (scope, spec) => {
    new ScalewayProvider(scope, "provider");
    const network = new ScalewayNetwork(scope, "cluster", spec);
    return {
      loadBalancer: new ScalewayLoadBalancer(scope, "api", spec, network),
      createBastion: (boot) => new ScalewayBastion(scope, "bastion", spec, network, boot),
      createCompute: (machineConfigurations) =>
        new ScalewayCompute(scope, "compute", spec, network, machineConfigurations),
    };
  },
};
