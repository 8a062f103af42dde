import { OutscaleProvider } from "@cdktf/provider-outscale/lib/provider";
import type { CloudProvider } from "../../constructs/cloud-provider";
import { planAddresses } from "./addresses";
import { OutscaleBastion } from "./bastion";
import { OutscaleCompute } from "./compute";
import { info } from "./info";
import { OutscaleLoadBalancer } from "./load-balancer";
import { OutscaleNetwork } from "./network";
import { resolve } from "./resolve";

/** Outscale: a Net with a private subnet in each subregion used, a NAT service, an LBU, and VMs. */
export const outscale: CloudProvider = {
  ...info,
  resolve,
  planAddresses,
  // One NIC, whose public address is mapped by the cloud: there is no second default route.
  bastionSetup: { files: [], commands: [] },

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
