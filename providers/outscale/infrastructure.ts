import { OutscaleProvider } from "#bindings/outscale/lib/provider";
import type { ClusterConstructs } from "../lazy-constructs";
import { OutscaleBastion } from "./bastion";
import { OutscaleCompute } from "./compute";
import { OutscaleLoadBalancer } from "./load-balancer";
import { OutscaleNetwork } from "./network";

export const infrastructure: ClusterConstructs = {
  createProvider: (scope, id, { spec, alias }) =>
    new OutscaleProvider(scope, id, { region: spec.region, alias }),

  create: (scope, { spec }) => {
    const network = new OutscaleNetwork(scope, "cluster", { spec });
    const loadBalancer = new OutscaleLoadBalancer(scope, "api", { spec, network });
    return {
      loadBalancer,
      networkId: network.netId,
      egressAddress: network.egressAddress,
      createBastion: (props) => new OutscaleBastion(scope, "bastion", { ...props, spec, network }),
      createCompute: (props) =>
        new OutscaleCompute(scope, "compute", { ...props, spec, network, loadBalancer }),
    };
  },
};
