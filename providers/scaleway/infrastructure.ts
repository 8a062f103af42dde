import { ScalewayProvider } from "#bindings/scaleway/lib/provider";
import type { ClusterConstructs } from "../lazy-constructs";
import { ScalewayBastion } from "./bastion";
import { ScalewayCompute } from "./compute";
import { ScalewayLoadBalancer } from "./load-balancer";
import { ScalewayNetwork } from "./network";

export const infrastructure: ClusterConstructs = {
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
