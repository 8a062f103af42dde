/** Data sources of Neutron's objects except networks: the owner of a network sees all ports on it. */
import type { DataSourceModel } from "../../protocol/model";
import { stringOf } from "../values";
import type { Account } from "./account";
import { findOne, listIds } from "./found-data";
import type { FloatingIp, Port, Router, SecurityGroup, Subnet } from "./objects";

export function subnetIdsData(account: Account): DataSourceModel {
  return listIds<Subnet>(account, {
    objects: account.subnets,
    service: "network",
    show: (subnet) => ({
      network_id: subnet.network,
      cidr: subnet.cidr,
      gateway_ip: subnet.gatewayIp,
      dhcp_enabled: subnet.dhcp,
      ip_version: 4,
    }),
    notCompared: ["sort_key", "sort_direction"],
  });
}

export function routerData(account: Account): DataSourceModel {
  return findOne<Router>(account, {
    objects: account.routers,
    service: "network",
    show: (router) => ({
      router_id: router.id,
      // Whether it is distributed is visible to the operator only.
      distributed: false,
      status: "ACTIVE",
      external_network_id: router.externalNetwork,
      enable_snat: router.externalNetwork !== "",
      external_qos_policy_id: "",
      external_fixed_ip: router.externalIps.map(({ subnet, address }) => ({
        subnet_id: subnet,
        ip_address: address,
      })),
      availability_zone_hints: [],
      routes: [],
    }),
    none: () => "No Router found",
    several: () => "More than one Router found",
  });
}

export function portData(account: Account): DataSourceModel {
  return findOne<Port>(account, {
    objects: account.ports,
    service: "network",
    show: (port) => ({
      ...shownPort(port),
      binding: [{ host_id: "", profile: "", vif_details: {}, vif_type: "", vnic_type: "normal" }],
    }),
    compare: comparedPort,
    notCompared: ["security_group_ids"],
    none: () => "No openstack_networking_port_v2 found",
    several: (_config, count) => `More than one openstack_networking_port_v2 found (${count})`,
  });
}

export function portIdsData(account: Account): DataSourceModel {
  return listIds<Port>(account, {
    objects: account.ports,
    service: "network",
    show: shownPort,
    compare: comparedPort,
    notCompared: ["security_group_ids", "sort_key", "sort_direction"],
  });
}

function shownPort(port: Port) {
  return {
    port_id: port.id,
    network_id: port.network,
    mac_address: port.mac,
    device_id: port.deviceId,
    device_owner: port.deviceOwner,
    all_fixed_ips: port.fixedIps.map(({ address }) => address),
    all_security_group_ids: port.securityGroups,
    allowed_address_pairs: [],
    dns_assignment: [],
    dns_name: port.dnsName,
    extra_dhcp_option: [],
  };
}

function comparedPort(port: Port) {
  return { fixed_ip: port.fixedIps[0]?.address ?? "" };
}

export function floatingIpData(account: Account): DataSourceModel {
  return findOne<FloatingIp>(account, {
    objects: account.floatingIps,
    service: "network",
    show: (ip) => ({
      address: ip.address,
      // The network's id, where the resource has its name.
      pool: ip.network,
      port_id: ip.port,
      fixed_ip: ip.fixedIp,
      status: ip.port === "" ? "DOWN" : "ACTIVE",
      dns_name: "",
      dns_domain: "",
    }),
    none: () => "No openstack_networking_floatingip_v2 found",
    several: () => "More than one openstack_networking_floatingip_v2 found",
  });
}

export function securityGroupData(account: Account): DataSourceModel {
  return findOne<SecurityGroup>(account, {
    objects: account.securityGroups,
    service: "network",
    show: ({ id, stateful }) => ({ secgroup_id: id, stateful }),
    none: ({ name }) => `No Security Group found with name: ${stringOf(name) ?? ""}`,
    several: ({ name }) => `More than one Security Group found with name: ${stringOf(name) ?? ""}`,
  });
}
