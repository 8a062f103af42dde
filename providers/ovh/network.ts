import { DataOpenstackNetworkingNetworkV2 } from "#bindings/openstack/lib/data-openstack-networking-network-v2";
import { NetworkingFloatingipAssociateV2 } from "#bindings/openstack/lib/networking-floatingip-associate-v2";
import { NetworkingFloatingipV2 } from "#bindings/openstack/lib/networking-floatingip-v2";
import { NetworkingNetworkV2 } from "#bindings/openstack/lib/networking-network-v2";
import { NetworkingPortV2 } from "#bindings/openstack/lib/networking-port-v2";
import { NetworkingRouterInterfaceV2 } from "#bindings/openstack/lib/networking-router-interface-v2";
import { NetworkingRouterV2 } from "#bindings/openstack/lib/networking-router-v2";
import { NetworkingSubnetV2 } from "#bindings/openstack/lib/networking-subnet-v2";
import { Construct } from "constructs";
import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { idReference } from "../../constructs/references";
import { addresses, assignedAddresses } from "./addresses";
import { securityGroups, type SecurityGroups } from "./security-groups";
import { descriptionOn } from "./tags";

/** OVH's resolver, which its private networks do not announce by default. */
const resolver = "213.186.33.99";

export interface OvhNetworkProps {
  readonly spec: ClusterSpec;
}

/** The target of a public address. */
export interface PublicAddressMapping {
  readonly ip: NetworkingFloatingipV2;
  readonly portId: string;
}

/** A network port of a machine. */
export interface OvhPortProps {
  /** Of the machine: "bastion". */
  readonly name: string;
  /** Its planned address on the private network. */
  readonly address: string;
  /** Ids; without any it would get the project's default group, which is open. */
  readonly securityGroups: string[];
}

/**
 * The private network, its only route to the internet (a router with source NAT to OVH's external
 * network), and the security groups. A private network is in one region.
 */
export class OvhNetwork extends Construct {
  readonly networkId: string;
  readonly subnetId: string;
  readonly groups: SecurityGroups;
  /**
   * What every user of that route depends on: a public address cannot be mapped before it exists,
   * and it cannot be deleted before they are. No attribute expresses this.
   */
  readonly routerInterface: NetworkingRouterInterfaceV2;
  private readonly external: DataOpenstackNetworkingNetworkV2;
  private readonly subnet: NetworkingSubnetV2;
  private readonly router: NetworkingRouterV2;
  private readonly spec: ClusterSpec;

  constructor(scope: Construct, id: string, props: OvhNetworkProps) {
    super(scope, id);
    const { spec } = props;
    this.spec = spec;
    const { name, network: range } = spec;

    this.external = new DataOpenstackNetworkingNetworkV2(
      new Construct(this, "external"),
      "network",
      {
        name: "Ext-Net",
        external: true,
      },
    );
    this.networkId = new NetworkingNetworkV2(this, "network", {
      name,
      adminStateUp: true,
      mtu: 1500, // OVH's 9000 does not pass the router
    }).id;
    const assigned = assignedAddresses(range);
    this.subnet = new NetworkingSubnetV2(this, "subnet", {
      name,
      networkId: this.networkId,
      cidr: range.toString(),
      gatewayIp: range.host(addresses.router),
      dnsNameservers: [resolver],
      allocationPool: [{ start: range.host(assigned.first), end: range.host(assigned.last) }],
    });
    this.subnetId = this.subnet.id;

    const gateway = new Construct(this, "gateway");
    // Without enable_snat and distributed, which are reserved for the operator; source NAT is the
    // default.
    this.router = new NetworkingRouterV2(gateway, "router", {
      name,
      description: descriptionOn(this.networkId),
      adminStateUp: true,
      externalNetworkId: this.external.id,
    });
    this.routerInterface = new NetworkingRouterInterfaceV2(gateway, "interface", {
      routerId: this.router.id,
      subnetId: this.subnetId,
    });
    this.groups = securityGroups(this, { spec, networkId: this.networkId });
  }

  /**
   * An expression: the source addresses of all outbound traffic, as a list of networks. The router
   * has an IPv4 and an IPv6 address in no guaranteed order, and Octavia refuses IPv6 here.
   */
  get egressNetworks(): string {
    return (
      `[for ip in ${this.router.terraformResourceType}.${this.router.friendlyUniqueId}` +
      '.external_fixed_ip[*].ip_address : "${ip}/32" if !strcontains(ip, ":")]'
    );
  }

  /** The first of them, an address. */
  get egressAddress(): string {
    return `\${split("/", ${this.egressNetworks}[0])[0]}`;
  }

  /** A public address, known at once, for whatever it will be mapped to. */
  reservePublicAddress(scope: Construct, purpose: string): NetworkingFloatingipV2 {
    return new NetworkingFloatingipV2(scope, "ip", {
      pool: this.external.name, // the name: an id is read back as a name and replaces the address
      description: `${this.spec.name} ${purpose}`,
    });
  }

  mapPublicAddress(
    scope: Construct,
    { ip, portId }: PublicAddressMapping,
  ): NetworkingFloatingipAssociateV2 {
    return new NetworkingFloatingipAssociateV2(scope, "ip_association", {
      floatingIp: ip.address,
      portId,
      dependsOn: [this.routerInterface],
      // Otherwise it stays, and prevents the deletion of a replaced interface.
      lifecycle: { replaceTriggeredBy: [idReference(this.routerInterface)] },
    });
  }

  createPort(scope: Construct, props: OvhPortProps): NetworkingPortV2 {
    return new NetworkingPortV2(scope, "port", {
      name: `${this.spec.name}-${props.name}`,
      networkId: this.networkId,
      adminStateUp: true,
      securityGroupIds: props.securityGroups,
      fixedIp: [{ subnetId: this.subnetId, ipAddress: props.address }],
      // Moved in place, a port would prevent the deletion of the old subnet.
      lifecycle: { replaceTriggeredBy: [idReference(this.subnet)] },
    });
  }
}
