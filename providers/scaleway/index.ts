import { ScalewayProvider } from "@cdktf/provider-scaleway/lib/provider";
import type { CloudProvider } from "../../constructs/cloud-provider";
import { planAddresses } from "./addresses";
import { bastionSetup, ScalewayBastion } from "./bastion";
import { ScalewayCompute } from "./compute";
import { info } from "./info";
import { ScalewayLoadBalancer } from "./load-balancer";
import { ScalewayNetwork } from "./network";
import { resolve } from "./resolve";

/** Scaleway: a regional private network, a public gateway, a load balancer, and instances over up to three zones. */
export const scaleway: CloudProvider = {
  ...info,
  resolve,
  planAddresses,
  bastionSetup,

  // Without a region: each of its resources names its own.
  createProvider: (scope, id, { alias }) => new ScalewayProvider(scope, id, { alias }),

  create: (scope, { spec }) => {
    const network = new ScalewayNetwork(scope, "cluster", { spec });
    return {
      loadBalancer: new ScalewayLoadBalancer(scope, "api", { spec, network }),
      networkId: network.privateNetwork.id,
      egressAddress: network.egressAddress,
      createBastion: (props) => new ScalewayBastion(scope, "bastion", { ...props, spec, network }),
      createCompute: (props) => new ScalewayCompute(scope, "compute", { ...props, spec, network }),
    };
  },
};
