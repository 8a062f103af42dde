import { OpenstackProvider } from "#bindings/openstack/lib/provider";
import type { ClusterConstructs } from "../lazy-constructs";
import { OvhBastion } from "./bastion";
import { OvhCompute } from "./compute";
import { OvhLoadBalancer } from "./load-balancer";
import { OvhNetwork } from "./network";

export const infrastructure: ClusterConstructs = {
  createProvider: (scope, id, { spec, alias }) =>
    new OpenstackProvider(scope, id, {
      region: spec.region, // here it takes precedence over OS_REGION_NAME
      maxRetries: 3,
      alias,
    }),

  create: (scope, { spec }) => {
    const network = new OvhNetwork(scope, "cluster", { spec });
    return {
      loadBalancer: new OvhLoadBalancer(scope, "api", { spec, network }),
      networkId: network.networkId,
      egressAddress: network.egressAddress,
      createBastion: (props) => new OvhBastion(scope, "bastion", { ...props, spec, network }),
      createCompute: (props) => new OvhCompute(scope, "compute", { ...props, spec, network }),
    };
  },
};
