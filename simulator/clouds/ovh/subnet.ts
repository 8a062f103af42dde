/**
 * Subnet of a private network. DHCP takes two addresses of its pool at once; other addresses that
 * the cloud assigns come from there too. The provider retries a deletion while a port has an
 * address of it.
 */
import { Refusal, type Values } from "../../protocol/model";
import { overlap, parseSubnet, toCidr } from "../addresses";
import { stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import { allocate } from "./addresses";
import { gatewayOf, poolsOf, rangeOf } from "./subnet-range";
import { oneOf } from "./checks";
import { badNetworkRequest, networkError, overQuota } from "./errors";
import type { Subnet } from "./objects";
import { isOwnTraffic, servicePort } from "./port";
import { changes, type Kind } from "./resource";
import { deleted } from "./retry";

const DHCP_PORTS = 2;

const IPV6_MODE = oneOf("slaac", "dhcpv6-stateful", "dhcpv6-stateless");

export function subnet(account: Account): Kind<Subnet> {
  return {
    type: account.subnets.kind,
    objects: account.subnets,
    service: "network",
    path: "v2.0/subnets",
    messages: {
      update: ({ id }) =>
        `Error updating OpenStack Neutron openstack_networking_subnet_v2 ${stringOf(id)}`,
    },
    replacedBy: [
      ...["network_id", "cidr", "prefix_length", "ip_version"],
      ...["ipv6_address_mode", "ipv6_ra_mode", "subnetpool_id"],
    ],
    defaults: { ip_version: 4, enable_dhcp: true, no_gateway: false },
    computedBlocks: ["allocation_pool"],
    checks: {
      values: {
        ip_version: oneOf(4, 6),
        ipv6_address_mode: IPV6_MODE,
        ipv6_ra_mode: IPV6_MODE,
      },
      conflicts: {
        cidr: ["prefix_length"],
        prefix_length: ["cidr"],
        gateway_ip: ["no_gateway"],
        no_gateway: ["gateway_ip"],
      },
    },

    create(planned, { region }) {
      checkNameservers(planned);
      const range = rangeOf(planned);
      const network = account.networks.find(stringOf(planned.network_id) ?? "", region);
      if (account.count(account.subnets, region) >= account.limits.quotas.subnets)
        throw overQuota("subnet");
      const siblings = account.subnets.all().filter((other) => other.network === network.id);
      if (siblings.some(({ cidr }) => overlap(parseSubnet(cidr) ?? range, range)))
        throw badNetworkRequest(
          `Requested subnet with cidr: ${toCidr(range)} for network: ${network.id} overlaps with another subnet`,
        );
      const gatewayIp = gatewayOf(planned, range);
      return {
        ...account.newObject(region, planned),
        network: network.id,
        cidr: toCidr(range),
        gatewayIp,
        pools: poolsOf(planned, range, gatewayIp),
        dhcp: planned.enable_dhcp !== false,
        nameservers: stringsOf(planned.dns_nameservers),
        serviceTypes: stringsOf(planned.service_types),
      };
    },

    finish(object) {
      if (!object.dhcp) return;
      for (let index = 0; index < DHCP_PORTS; index++)
        servicePort(account, object, {
          deviceOwner: "network:dhcp",
          deviceId: `dhcp-${index}-${object.network}`,
          fixedIp: allocate(account, object, `dhcp ${index} ${object.id}`),
        });
    },

    show: (object) => ({
      network_id: object.network,
      cidr: object.cidr,
      ip_version: 4,
      dns_nameservers: object.nameservers,
      service_types: object.serviceTypes,
      enable_dhcp: object.dhcp,
      ipv6_address_mode: "",
      ipv6_ra_mode: "",
      segment_id: "",
      subnetpool_id: "",
      dns_publish_fixed_ip: false,
      allocation_pool: object.pools.map(({ start, end }) => ({ start, end })),
      gateway_ip: object.gatewayIp,
      no_gateway: object.gatewayIp === "",
    }),

    update(object, planned, prior) {
      if (changes(planned, prior, "dns_nameservers")) checkNameservers(planned);
      const range = rangeOf(planned);
      const gatewayIp = gatewayOf(planned, range);
      const pools = poolsOf(planned, range, gatewayIp);
      if (gatewayIp !== object.gatewayIp) checkGatewayUnused(account, object);
      object.gatewayIp = gatewayIp;
      object.pools = pools;
      object.dhcp = planned.enable_dhcp !== false;
      object.nameservers = stringsOf(planned.dns_nameservers);
      object.serviceTypes = stringsOf(planned.service_types);
    },

    async delete(object, call) {
      await deleted(
        call,
        `Error waiting for openstack_networking_subnet_v2 ${object.id} to become deleted:`,
        () => {
          removeSubnet(account, object);
        },
      );
    },
  };
}

/** The cloud's own service ports are deleted with the last other port. */
function removeSubnet(account: Account, object: Subnet): void {
  const ports = account.ports
    .all()
    .filter(({ fixedIps }) => fixedIps.some((ip) => ip.subnet === object.id));
  if (!ports.every(isOwnTraffic))
    throw networkError(
      409,
      "SubnetInUse",
      `Unable to complete operation on subnet ${object.id}: One or more ports have an IP allocation from this subnet.`,
    );
  for (const port of ports) account.ports.remove(port.id);
  account.subnets.remove(object.id);
}

function checkNameservers(planned: Values): void {
  const nameservers = stringsOf(planned.dns_nameservers);
  const twice = nameservers.find((server, index) => nameservers.indexOf(server) !== index);
  if (twice !== undefined)
    throw new Refusal(
      `openstack_networking_subnet_v2 dns_nameservers argument is invalid: got duplicate nameserver ${twice}`,
    );
}

function checkGatewayUnused(account: Account, object: Subnet): void {
  const port = account.ports
    .all()
    .find(({ fixedIps }) =>
      fixedIps.some((ip) => ip.subnet === object.id && ip.address === object.gatewayIp),
    );
  if (port !== undefined)
    throw networkError(
      409,
      "GatewayIpInUse",
      `Current gateway ip ${object.gatewayIp} already in use by port ${port.id}. Unable to update.`,
    );
}
