import { DataOpenstackLbFlavorV2 } from "#bindings/openstack/lib/data-openstack-lb-flavor-v2";
import { LbListenerV2 } from "#bindings/openstack/lib/lb-listener-v2";
import { LbLoadbalancerV2 } from "#bindings/openstack/lib/lb-loadbalancer-v2";
import { LbMemberV2 } from "#bindings/openstack/lib/lb-member-v2";
import { LbMonitorV2 } from "#bindings/openstack/lib/lb-monitor-v2";
import { LbPoolV2 } from "#bindings/openstack/lib/lb-pool-v2";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import type { LoadBalancer } from "../../constructs/cloud-provider";
import type { Cidr } from "../../constructs/model/cidr";
import { type ClusterSpec, controlPlanes } from "../../constructs/model/cluster-spec";
import { kubernetesPort } from "../../constructs/model/ports";
import { type OriginTo, rulesTo } from "../../constructs/model/security-rules";
import { addresses } from "./addresses";
import type { OvhNetwork } from "./network";

/** In milliseconds; Octavia's 50 s would cut off watches, `exec` and `port-forward`, which are idle for minutes. */
const idleTimeout = 3_600_000;

export interface OvhLoadBalancerProps {
  readonly spec: ClusterSpec;
  readonly network: OvhNetwork;
}

/**
 * The API's load balancer, Octavia. Its public address is a resource of its own: known before
 * anything else and kept when the load balancer is replaced. Its members are planned addresses, so
 * it depends on no node.
 */
export class OvhLoadBalancer extends Construct implements LoadBalancer {
  readonly address: string;
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: OvhLoadBalancerProps) {
    super(scope, id);
    const { spec, network } = props;
    const name = `${spec.name}-api`;

    const ip = network.reservePublicAddress(this, "api");
    const flavor = new DataOpenstackLbFlavorV2(this, "flavor", { name: "small" });
    const balancer = new LbLoadbalancerV2(this, "balancer", {
      name,
      vipSubnetId: network.subnetId,
      vipAddress: spec.network.host(addresses.loadBalancer),
      flavorId: flavor.flavorId,
      // A shorter one taints a load balancer that is nearly ready, and the next apply destroys it.
      timeouts: { create: "45m", delete: "20m" },
      dependsOn: [network.routerInterface],
    });
    const listener = new LbListenerV2(this, "listener", {
      name,
      loadbalancerId: balancer.id,
      protocol: "TCP",
      protocolPort: kubernetesPort,
      allowedCidrs: Token.asList(allowedNetworks(spec, network)),
      timeoutClientData: idleTimeout,
      timeoutMemberData: idleTimeout,
    });
    const pool = new LbPoolV2(this, "pool", {
      name,
      listenerId: listener.id,
      protocol: "TCP",
      lbMethod: "ROUND_ROBIN",
    });
    const monitor = new LbMonitorV2(this, "monitor", {
      poolId: pool.id,
      type: "TCP", // the API server answers an anonymous HTTPS check with 401
      delay: 5,
      timeout: 3,
      maxRetries: 3,
    });
    const poolId = pool.id;
    const members = controlPlanes(spec).map(
      (node) =>
        new LbMemberV2(new Construct(this, node.logicalId), "member", {
          name: `${spec.name}-${node.name}`,
          poolId,
          subnetId: network.subnetId,
          address: node.address,
          protocolPort: kubernetesPort,
        }),
    );

    this.address = ip.address;
    this.ready = [
      network.mapPublicAddress(this, { ip, portId: balancer.vipPortId }),
      monitor,
      ...members,
    ];
  }
}

/**
 * Octavia returns the list sorted as strings: any other order would be a change in every plan, and
 * the router's addresses, the nodes' source addresses for public targets, are known only after
 * apply.
 */
function allowedNetworks(spec: ClusterSpec, network: OvhNetwork): string {
  const known: Readonly<Record<OriginTo<"api">, readonly Cidr[]>> = {
    admins: spec.adminNetworks,
    egress: [], // network.egressNetworks, below
    privateNetwork: [spec.network],
  };
  const strings = rulesTo("api").flatMap(({ from }) =>
    known[from].map((range) => range.toString()),
  );
  return `\${sort(distinct(concat(${JSON.stringify(strings)}, ${network.egressNetworks})))}`;
}
