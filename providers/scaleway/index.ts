import { ScalewayProvider } from "@cdktf/provider-scaleway/lib/provider";
import type { CloudProvider } from "../../constructs/cloud-provider";
import { cloudTitles } from "../../constructs/model/cluster-spec";
import { access } from "./access";
import { planAddresses } from "./addresses";
import { bastionSetup, ScalewayBastion } from "./bastion";
import { userDataLimit } from "./catalog";
import { ScalewayCompute } from "./compute";
import { ScalewayLoadBalancer } from "./load-balancer";
import { ScalewayNetwork } from "./network";
import { recovery } from "./recovery";
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
  planAddresses,

  create: (scope, { spec }) => {
    new ScalewayProvider(scope, "provider");
    const network = new ScalewayNetwork(scope, "cluster", { spec });
    return {
      loadBalancer: new ScalewayLoadBalancer(scope, "api", { spec, network }),
      createBastion: (props) => new ScalewayBastion(scope, "bastion", { ...props, spec, network }),
      createCompute: (props) => new ScalewayCompute(scope, "compute", { ...props, spec, network }),
    };
  },
};
