import { OutscaleProvider } from "@cdktf/provider-outscale/lib/provider";
import type { CloudProvider } from "../../constructs/cloud-provider";
import { cloudTitles } from "../../constructs/model/cluster-spec";
import { access } from "./access";
import { planAddresses } from "./addresses";
import { OutscaleBastion } from "./bastion";
import { userDataLimit } from "./catalog";
import { OutscaleCompute } from "./compute";
import { OutscaleLoadBalancer } from "./load-balancer";
import { OutscaleNetwork } from "./network";
import { recovery } from "./recovery";
import { resolve } from "./resolve";

/** Outscale: a Net with a private subnet in each subregion used, a NAT service, an LBU, and VMs. */
export const outscale: CloudProvider = {
  name: "outscale",
  title: cloudTitles.outscale,
  credentials: ["OSC_ACCESS_KEY", "OSC_SECRET_KEY", "OSC_REGION"],
  talos: {
    name: "aws", // Outscale's metadata service speaks EC2's language
    // The platform would ask Amazon's time server, which is not there.
    patch: { machine: { time: { servers: ["0.pool.ntp.org", "1.pool.ntp.org"] } } },
  },
  // One network card, whose public address is mapped by the cloud: no second route to guard against.
  bastionSetup: { files: [], commands: [] },
  userDataLimit,
  restartedBy: ["vm_type", "user_data", "performance"],
  recovery,
  access,
  resolve,
  planAddresses,

  create: (scope, { spec }) => {
    new OutscaleProvider(scope, "provider", { region: spec.region });
    const network = new OutscaleNetwork(scope, "cluster", { spec });
    const loadBalancer = new OutscaleLoadBalancer(scope, "api", { spec, network });
    return {
      loadBalancer,
      createBastion: (props) => new OutscaleBastion(scope, "bastion", { ...props, spec, network }),
      createCompute: (props) =>
        new OutscaleCompute(scope, "compute", { ...props, spec, network, loadBalancer }),
    };
  },
};
