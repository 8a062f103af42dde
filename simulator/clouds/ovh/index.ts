/** The simulated OVHcloud: the OpenStack provider, as tofu sees it, and its cloud, as machines see it. */
import type { Cloud } from "../../machines";
import { pinnedSchema } from "../../pinned-schema";
import type { Diagnostic, ProviderModel, Values } from "../../protocol/model";
import type { World } from "../../world";
import { stringOf, unlimited } from "../values";
import { Account, type AccountLimits } from "./account";
import { balancersOf } from "./balancers";
import { QUOTAS, REGIONS, type Quotas } from "./catalogue";
import { dropReason } from "./firewall";
import { flavorData, loadBalancerFlavorData } from "./flavor-data";
import { floatingIp } from "./floating-ip";
import { floatingIpAssociate } from "./floating-ip-associate";
import { image, seedImages, type SeededImage } from "./image";
import { imageData } from "./image-data";
import { instance } from "./instance";
import { listener } from "./listener";
import { loadBalancer } from "./load-balancer";
import { listenerData, loadBalancerData, poolData } from "./load-balancer-find-data";
import { machinesOf } from "./machines";
import { member } from "./member";
import { members } from "./members";
import { membersOf, observeMembers, type MemberHealth } from "./member-health";
import { monitor } from "./monitor";
import { network } from "./network";
import { networkData } from "./network-data";
import {
  floatingIpData,
  portData,
  portIdsData,
  routerData,
  securityGroupData,
  subnetIdsData,
} from "./network-find-data";
import type { ApiObject } from "./objects";
import { pool } from "./pool";
import { port } from "./port";
import { resourceModel, type Kind } from "./resource";
import { router } from "./router";
import { routerInterface } from "./router-interface";
import { scopeData } from "./scope-data";
import { securityGroup } from "./security-group";
import { securityRule } from "./security-rule";
import { serverGroup, serverGroupData } from "./server-group";
import { subnet } from "./subnet";

export interface OvhOptions {
  /**
   * Zones by region: one, or three of the region's name.
   * @default - OVHcloud's regions that offer all the services
   */
  readonly regions?: Readonly<Record<string, readonly string[]>>;
  /**
   * Images that a user has uploaded to the project beforehand.
   * @default - one for openstack, named "talos", in every region
   */
  readonly images?: readonly SeededImage[];
  /** Another project shares a newer image of each of these names with this one. @default true */
  readonly lookalikeImages?: boolean;
  /** Quotas that differ from those of the "20 VMs" step. @default none */
  readonly quotas?: Partial<Quotas> | "unlimited";
  /** Flavors for which no host has capacity. @default none */
  readonly outOfStock?: readonly string[];
  /** Maximum number of servers of a zone, by zone. @default - no limit */
  readonly zoneCapacity?: Readonly<Record<string, number>>;
  /** Hypervisors of a zone, on which anti-affinity spreads. @default 50 */
  readonly hostsPerZone?: number;
  /**
   * In which order a router's external addresses are returned. The cloud guarantees none.
   * @default "by-id", which differs from router to router
   */
  readonly routerAddresses?: AccountLimits["routerAddresses"];
}

/** A cloud that also returns the health of load balancer members. */
export interface OvhCloud extends Cloud {
  members(): MemberHealth[];
}

export function createOvh(
  world: World,
  options: OvhOptions = {},
): { provider: ProviderModel; cloud: OvhCloud } {
  const account = new Account(world, {
    regions: options.regions ?? REGIONS,
    quotas: options.quotas === "unlimited" ? unlimited(QUOTAS) : { ...QUOTAS, ...options.quotas },
    outOfStock: options.outOfStock ?? [],
    zoneCapacity: options.zoneCapacity ?? {},
    hostsPerZone: options.hostsPerZone ?? 50,
    routerAddresses: options.routerAddresses ?? "by-id",
  });
  seedImages(account, options.images ?? [{ name: "talos" }], options.lookalikeImages ?? true);
  const schema = pinnedSchema("openstack");
  const resource = <T extends ApiObject>(kind: Kind<T>) =>
    [kind.type, resourceModel(account, schema, kind)] as const;

  return {
    provider: {
      source: "terraform-provider-openstack/openstack",
      schema,
      legacyTypeSystem: true,
      configure: (config) => configure(account, config),
      resources: Object.fromEntries([
        resource(network(account)),
        resource(subnet(account)),
        resource(router(account)),
        resource(routerInterface(account)),
        resource(port(account)),
        resource(floatingIp(account)),
        resource(floatingIpAssociate(account)),
        resource(securityGroup(account)),
        resource(securityRule(account)),
        resource(loadBalancer(account)),
        resource(listener(account)),
        resource(pool(account)),
        resource(member(account)),
        resource(members(account)),
        resource(monitor(account)),
        resource(serverGroup(account)),
        resource(instance(account)),
        resource(image(account)),
      ]),
      dataSources: {
        openstack_identity_auth_scope_v3: scopeData(account),
        openstack_networking_network_v2: networkData(account),
        openstack_networking_subnet_ids_v2: subnetIdsData(account),
        openstack_networking_router_v2: routerData(account),
        openstack_networking_port_v2: portData(account),
        openstack_networking_port_ids_v2: portIdsData(account),
        openstack_networking_floatingip_v2: floatingIpData(account),
        openstack_networking_secgroup_v2: securityGroupData(account),
        openstack_lb_loadbalancer_v2: loadBalancerData(account),
        openstack_lb_listener_v2: listenerData(account),
        openstack_lb_pool_v2: poolData(account),
        openstack_compute_servergroup_v2: serverGroupData(account),
        openstack_images_image_v2: imageData(account),
        openstack_compute_flavor_v2: flavorData(account),
        openstack_lb_flavor_v2: loadBalancerFlavorData(account),
      },
    },
    cloud: {
      name: "ovh",
      machines: () => {
        observeMembers(account);
        return machinesOf(account);
      },
      drops: (source, address, tcpPort) => dropReason(account, source, address, tcpPort),
      members: () => membersOf(account),
      balancers: () => balancersOf(account),
    },
  };
}

/** Credentials are not required: a rehearsal has none. */
function configure(account: Account, config: Values): Diagnostic[] {
  account.region = stringOf(config.region) ?? account.region;
  return [];
}
