/**
 * Router, which OVHcloud calls a gateway: distributed, with an address of each family on Ext-Net,
 * in no guaranteed order. Its IPv4 is the source address of machines without a Floating IP; a
 * replaced router has another one.
 */
import { stringOf } from "../values";
import type { Values } from "../../protocol/model";
import type { Account } from "./account";
import { DURATION, externalNetworkOf } from "./catalogue";
import { disallowed, networkError, notFoundInNetwork, overQuota } from "./errors";
import { numberFrom } from "./ids";
import type { FixedIp, Router } from "./objects";
import { isSet } from "../checks";
import { changes, type Kind } from "./resource";

/** Stock policies reserve these for the operator, whatever their value. */
const RESERVED: Readonly<Record<string, string>> = {
  enable_snat:
    "(rule:create_router and (rule:create_router:external_gateway_info and (rule:create_router:external_gateway_info:enable_snat)))",
  external_fixed_ip:
    "(rule:create_router and (rule:create_router:external_gateway_info and (rule:create_router:external_gateway_info:external_fixed_ips)))",
  distributed: "(rule:create_router and rule:create_router:distributed)",
};

export function router(account: Account): Kind<Router> {
  return {
    type: account.routers.kind,
    objects: account.routers,
    service: "network",
    path: "v2.0/routers",
    messages: { update: () => "Error updating openstack_networking_router_v2" },
    replacedBy: ["distributed", "availability_zone_hints"],
    defaults: { "vendor_options.set_router_gateway_after_create": false },
    computedBlocks: ["external_fixed_ip"],
    checks: {
      conflicts: { external_subnet_ids: ["external_fixed_ip"] },
      requires: {
        enable_snat: ["external_network_id"],
        external_fixed_ip: ["external_network_id"],
        external_qos_policy_id: ["external_network_id"],
        external_subnet_ids: ["external_network_id"],
      },
    },

    create(planned, call) {
      checkReserved(call.config);
      const { region } = call;
      if (account.count(account.routers, region) >= account.limits.quotas.routers)
        throw overQuota("router");
      const base = account.newObject(region, planned);
      const externalNetwork = externalOf(planned, region);
      return {
        ...base,
        externalNetwork,
        externalIps: externalNetwork === "" ? [] : externalIps(account, base.id, region),
      };
    },

    finish: (object, _planned, call) => account.settle(object, DURATION.routerReady, call),

    show: (object) => ({
      distributed: false,
      external_network_id: object.externalNetwork,
      enable_snat: object.externalNetwork !== "",
      external_fixed_ip: object.externalIps.map(({ subnet, address }) => ({
        subnet_id: subnet,
        ip_address: address,
      })),
      availability_zone_hints: [],
    }),

    update(object, planned, prior) {
      if (!changes(planned, prior, "external_network_id", "enable_snat", "external_fixed_ip"))
        return;
      if (changes(planned, prior, "enable_snat")) throw disallowed(RESERVED.enable_snat ?? "");
      if (changes(planned, prior, "external_fixed_ip"))
        throw disallowed(RESERVED.external_fixed_ip ?? "");
      if (account.floatingIps.all().some((ip) => ip.router === object.id))
        throw networkError(
          409,
          "RouterExternalGatewayInUseByFloatingIp",
          `Gateway cannot be updated for router ${object.id}, since a gateway to external network ${object.externalNetwork} is required by one or more floating IPs.`,
        );
      object.externalNetwork = externalOf(planned, object.region);
      object.externalIps =
        object.externalNetwork === "" ? [] : externalIps(account, object.id, object.region);
    },

    delete(object) {
      if (account.ports.all().some(({ deviceId }) => deviceId === object.id))
        throw networkError(409, "RouterInUse", `Router ${object.id} still has ports`);
      account.routers.remove(object.id);
    },
  };
}

/** The router that leads from a subnet to the internet. */
export function gatewayRouterOf(account: Account, subnet: string): Router | undefined {
  return account.ports
    .all()
    .filter(
      ({ deviceOwner, fixedIps }) =>
        deviceOwner === INTERFACE_OWNER && fixedIps.some((ip) => ip.subnet === subnet),
    )
    .flatMap(({ deviceId }) => account.routers.get(deviceId) ?? [])
    .find(({ externalNetwork, adminStateUp }) => externalNetwork !== "" && adminStateUp);
}

/** Of a distributed router's port on a subnet. */
export const INTERFACE_OWNER = "network:router_interface_distributed";

function checkReserved(config: Values): void {
  for (const [name, rule] of Object.entries(RESERVED)) {
    const isWritten = isSet(config, name) || (config[name] ?? null) === false;
    if (isWritten) throw disallowed(rule);
  }
}

function externalOf(planned: Values, region: string): string {
  const id = stringOf(planned.external_network_id) ?? "";
  if (id !== "" && id !== externalNetworkOf(region).id) throw notFoundInNetwork("Network", id);
  return id;
}

function externalIps(account: Account, id: string, region: string): FixedIp[] {
  const external = externalNetworkOf(region);
  const host = numberFrom(id, 0xffff).toString(16);
  const ips = [
    { subnet: external.ipv4Subnet, address: account.takePublicAddress() },
    { subnet: external.ipv6Subnet, address: `2001:db8:1::${host}` },
  ];
  const order = account.limits.routerAddresses;
  const isReversed = order === "ipv6-first" || (order === "by-id" && numberFrom(id, 2) === 1);
  return isReversed ? ips.reverse() : ips;
}
