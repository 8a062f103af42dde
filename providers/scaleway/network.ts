import { IpamIp } from "#bindings/scaleway/lib/ipam-ip";
import { Vpc } from "#bindings/scaleway/lib/vpc";
import { VpcGatewayNetwork } from "#bindings/scaleway/lib/vpc-gateway-network";
import { VpcPrivateNetwork } from "#bindings/scaleway/lib/vpc-private-network";
import { VpcPublicGateway } from "#bindings/scaleway/lib/vpc-public-gateway";
import { VpcPublicGatewayIp } from "#bindings/scaleway/lib/vpc-public-gateway-ip";
import { Construct } from "constructs";
import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { idReference } from "../../constructs/references";
import { addresses } from "./addresses";
import { tags } from "./tags";

export interface ScalewayNetworkProps {
  readonly spec: ClusterSpec;
}

export interface ReservationProps {
  /** On the private network. */
  readonly address: string;
  /** The owner, in its tag: "control-plane-0". */
  readonly purpose: string;
}

/**
 * The private network and its only route to the internet, a public gateway with source NAT.
 * Scaleway's network is regional: one gateway in one zone serves every zone of the region.
 *
 * Every planned address is reserved before anything is attached, since attachments without a
 * reservation get addresses from the start of the network on.
 */
export class ScalewayNetwork extends Construct {
  /** The public source address of all outbound traffic. */
  readonly egressAddress: string;
  readonly privateNetwork: VpcPrivateNetwork;
  /** What every NIC waits for: an earlier lease lacks the default route. */
  readonly gatewayNetwork: VpcGatewayNetwork;
  private readonly spec: ClusterSpec;

  constructor(scope: Construct, id: string, props: ScalewayNetworkProps) {
    super(scope, id);
    const { spec } = props;
    this.spec = spec;
    const { name, region, zone } = spec;

    const vpc = new Vpc(this, "vpc", { name, region, tags: tags(spec) });
    this.privateNetwork = new VpcPrivateNetwork(this, "private_network", {
      name,
      region,
      vpcId: vpc.id,
      ipv4Subnet: { subnet: spec.network.toString() },
      tags: tags(spec),
    });

    const gateway = new Construct(this, "gateway");
    const address = new VpcPublicGatewayIp(gateway, "ip", { zone, tags: tags(spec) });
    const machine = new VpcPublicGateway(gateway, "gateway", {
      name,
      type: "VPC-GW-S",
      zone,
      ipId: address.id,
      tags: tags(spec),
    });
    // Source NAT provides the route, the pushed default route makes nodes use it.
    this.gatewayNetwork = new VpcGatewayNetwork(gateway, "gateway_network", {
      gatewayId: machine.id,
      privateNetworkId: this.privateNetwork.id,
      zone,
      enableMasquerade: true,
      ipamConfig: [
        {
          pushDefaultRoute: true,
          ipamIpId: this.reserve(gateway, {
            address: spec.network.host(addresses.gateway),
            purpose: "gateway",
          }).id,
        },
      ],
    });
    this.egressAddress = address.address;
  }

  /**
   * Reserves an address of the private network. The provider ignores a change of `source`, so a
   * reservation must be replaced with its network.
   */
  reserve(scope: Construct, { address, purpose }: ReservationProps): IpamIp {
    return new IpamIp(scope, "reservation", {
      address,
      region: this.spec.region,
      source: [{ privateNetworkId: this.privateNetwork.id }],
      tags: tags(this.spec, `for=${purpose}`),
      lifecycle: { replaceTriggeredBy: [idReference(this.privateNetwork)] },
    });
  }
}
