import { LoadBalancer as Lbu } from "#bindings/outscale/lib/load-balancer";
import { LoadBalancerAttributes } from "#bindings/outscale/lib/load-balancer-attributes";
import { LoadBalancerVms } from "#bindings/outscale/lib/load-balancer-vms";
import { PublicIp } from "#bindings/outscale/lib/public-ip";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { LoadBalancer } from "../../constructs/cloud-provider";
import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { kubernetesPort } from "../../constructs/model/ports";
import { idReference } from "../../constructs/references";
import { loadBalancerName } from "./catalog";
import type { OutscaleNetwork } from "./network";
import { tags } from "./tags";

export interface OutscaleLoadBalancerProps {
  readonly spec: ClusterSpec;
  readonly network: OutscaleNetwork;
}

/**
 * The API's load balancer, an LBU. Its public address is a resource of its own: known before
 * anything else and kept when the load balancer is replaced. Resources that refer to the load
 * balancer by name look unchanged when it is recreated, and have to be replaced with it.
 */
export class OutscaleLoadBalancer extends Construct implements LoadBalancer {
  readonly address: string;
  readonly ready: readonly ITerraformDependable[];
  private readonly balancer: Lbu;
  private readonly healthCheck: LoadBalancerAttributes;

  constructor(scope: Construct, id: string, props: OutscaleLoadBalancerProps) {
    super(scope, id);
    const { spec, network } = props;

    // No tags and no timeouts, now or later: any update makes the address unknown in that plan, and
    // with it every machine configuration.
    const ip = new PublicIp(this, "ip", {});
    this.balancer = new Lbu(this, "balancer", {
      loadBalancerName: loadBalancerName(spec.name),
      loadBalancerType: "internet-facing",
      subnets: [network.publicSubnet.subnetId], // a list of one
      securityGroups: [network.groups.api],
      publicIp: ip.publicIp, // the address, not the id
      listeners: [
        {
          loadBalancerPort: kubernetesPort,
          loadBalancerProtocol: "TCP",
          backendPort: kubernetesPort,
          backendProtocol: "TCP",
        },
      ],
      tags: tags(spec, "api"),
      // The default of ten minutes taints a load balancer that is merely slow.
      timeouts: { create: "45m", delete: "15m" },
      dependsOn: [...network.publicRoute],
    });
    this.healthCheck = new LoadBalancerAttributes(this, "health_check", {
      loadBalancerName: this.balancer.loadBalancerName,
      // All six: an omitted one is sent as 0. The defaults take five minutes to accept a node.
      healthCheck: {
        protocol: "TCP", // the API server answers an anonymous HTTPS check with 401
        port: kubernetesPort,
        checkInterval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      lifecycle: { replaceTriggeredBy: [idReference(this.balancer)] },
    });

    this.address = ip.publicIp;
    this.ready = [this.healthCheck];
  }

  /** The machines that serve the API: one resource for all of them. */
  forwardTo(vmIds: string[]): LoadBalancerVms {
    return new LoadBalancerVms(this, "vms", {
      loadBalancerName: this.balancer.loadBalancerName,
      backendVmIds: vmIds,
      dependsOn: [this.healthCheck],
      lifecycle: { replaceTriggeredBy: [idReference(this.balancer)] },
    });
  }
}
