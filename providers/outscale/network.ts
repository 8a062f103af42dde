import { InternetService } from "#bindings/outscale/lib/internet-service";
import { InternetServiceLink } from "#bindings/outscale/lib/internet-service-link";
import { NatService } from "#bindings/outscale/lib/nat-service";
import { Net } from "#bindings/outscale/lib/net";
import { PublicIp } from "#bindings/outscale/lib/public-ip";
import { Route } from "#bindings/outscale/lib/route";
import { RouteTable } from "#bindings/outscale/lib/route-table";
import { RouteTableLink } from "#bindings/outscale/lib/route-table-link";
import { Subnet } from "#bindings/outscale/lib/subnet";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { publicQuarter, quarterOf, zoneQuarters } from "./addresses";
import { slowDeletion } from "./catalog";
import { securityGroups, type SecurityGroups } from "./security-groups";
import { tags } from "./tags";

const everywhere = "0.0.0.0/0";

export interface OutscaleNetworkProps {
  readonly spec: ClusterSpec;
}

/**
 * The Net: a private subnet in each subregion that has nodes, with a NAT service, and a public
 * subnet for that, the load balancer and the bastion. Security groups belong to the Net.
 */
export class OutscaleNetwork extends Construct {
  readonly netId: string;
  /** The public source address of all outbound traffic. */
  readonly egressAddress: string;
  readonly publicSubnet: Subnet;
  /** Their ids by zone. Read once: cdktf creates a new token at every access. */
  readonly privateSubnets: ReadonlyMap<string, string>;
  readonly groups: SecurityGroups;
  /** Before it is linked, no public address works; and objects with one must be deleted before it. */
  readonly internetLink: InternetServiceLink;
  /** The public subnet's route to the internet service. */
  readonly publicRoute: readonly ITerraformDependable[];
  /** The nodes' default route. */
  readonly privateRoute: readonly ITerraformDependable[];
  private readonly spec: ClusterSpec;
  private readonly net: Net;

  constructor(scope: Construct, id: string, props: OutscaleNetworkProps) {
    super(scope, id);
    const { spec } = props;
    this.spec = spec;

    this.net = new Net(this, "net", { ipRange: spec.network.toString(), tags: tags(spec) });
    this.netId = this.net.netId;

    const internet = new Construct(this, "internet");
    const service = new InternetService(internet, "service", { tags: tags(spec) });
    this.internetLink = new InternetServiceLink(internet, "link", {
      netId: this.net.netId,
      internetServiceId: service.internetServiceId,
      timeouts: slowDeletion,
    });

    const open = new Construct(this, "public");
    this.publicSubnet = this.createSubnet(open, "public", spec.zone, publicQuarter);
    const publicTable = this.createRouteTable(open, "public");
    this.publicRoute = [
      new Route(open, "route", {
        routeTableId: publicTable.routeTableId,
        destinationIpRange: everywhere,
        gatewayId: service.internetServiceId,
        dependsOn: [this.internetLink], // outside a Net, a gateway routes nothing
      }),
      new RouteTableLink(open, "route_table_link", {
        routeTableId: publicTable.routeTableId,
        subnetId: this.publicSubnet.subnetId,
      }),
    ];

    const nat = new Construct(this, "nat");
    const natAddress = new PublicIp(nat, "ip", { tags: tags(spec, "nat") });
    this.egressAddress = natAddress.publicIp;
    const natService = new NatService(nat, "service", {
      subnetId: this.publicSubnet.subnetId,
      publicIpId: natAddress.publicIpId,
      tags: tags(spec),
      dependsOn: [...this.publicRoute], // in a subnet that is not public yet it fails after ten minutes
    });

    const inner = new Construct(this, "private");
    const privateTable = this.createRouteTable(inner, "private");
    const internetRoute = new Route(inner, "route", {
      routeTableId: privateTable.routeTableId,
      destinationIpRange: everywhere,
      natServiceId: natService.natServiceId,
    });
    const withNodes = new Set(spec.nodes.map((node) => node.zone));
    const quarters = [...zoneQuarters(spec.zones)].filter(([zone]) => withNodes.has(zone));
    const created = quarters.map(([zone, quarter]) => {
      const own = new Construct(this, `private_${zone.replaceAll("-", "_")}`);
      const subnet = this.createSubnet(own, zone, zone, quarter);
      const { subnetId } = subnet;
      const link = new RouteTableLink(own, "route_table_link", {
        routeTableId: privateTable.routeTableId,
        subnetId,
      });
      return { zone, subnetId, link };
    });
    this.privateSubnets = new Map(created.map(({ zone, subnetId }) => [zone, subnetId]));
    this.privateRoute = [internetRoute, ...created.map(({ link }) => link)];

    this.groups = securityGroups(this, {
      spec,
      net: this.net,
      natAddress: this.egressAddress,
    });
  }

  private createSubnet(scope: Construct, name: string, zone: string, quarter: number): Subnet {
    return new Subnet(scope, "subnet", {
      netId: this.net.netId,
      ipRange: quarterOf(this.spec.network, quarter),
      subregionName: zone,
      tags: tags(this.spec, name),
      timeouts: slowDeletion,
    });
  }

  private createRouteTable(scope: Construct, name: string): RouteTable {
    return new RouteTable(scope, "route_table", {
      netId: this.net.netId,
      tags: tags(this.spec, name),
    });
  }
}
