import { OpenstackProvider } from "@cdktf/provider-openstack/lib/provider";
import type { CloudProvider } from "../../constructs/cloud-provider";
import { planAddresses } from "./addresses";
import { OvhBastion } from "./bastion";
import { OvhCompute } from "./compute";
import { info } from "./info";
import { OvhLoadBalancer } from "./load-balancer";
import { OvhNetwork } from "./network";
import { resolve } from "./resolve";

/** OVHcloud's Public Cloud, which is OpenStack: a private network of a vRack, a router, Octavia, and instances. */
export const ovh: CloudProvider = {
  ...info,
  resolve,
  planAddresses,
  // One NIC, whose public address is mapped by the router: there is no second default route.
  bastionSetup: { files: [], commands: [] },

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
