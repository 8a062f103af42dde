/**
 * Port: an address on a private network. Neutron does not protect the port of a running server:
 * deleting it succeeds, and disconnects the server.
 */
import { Refusal, type Values } from "../../protocol/model";
import { blocksOf, isTrue, stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import { allocate, claim } from "./addresses";
import { oneOf } from "./checks";
import { badNetworkRequest, networkError, overQuota } from "./errors";
import { PROJECT, randomMac } from "./ids";
import type { FixedIp, Network, Port, Subnet } from "./objects";
import { changes, type Kind } from "./resource";
import { checkGroups, defaultGroup } from "./security-group";

export function port(account: Account): Kind<Port> {
  return {
    type: account.ports.kind,
    objects: account.ports,
    service: "network",
    path: "v2.0/ports",
    messages: { update: () => "Error updating OpenStack Neutron Port" },
    replacedBy: ["network_id", "mac_address", "device_owner", "device_id"],
    defaults: { "extra_dhcp_option.ip_version": 4, "binding.vnic_type": "normal" },
    computedBlocks: ["binding"],
    checks: {
      values: {
        "binding.vnic_type": oneOf(
          ...["direct", "direct-physical", "macvtap", "normal"],
          ...["baremetal", "virtio-forwarder", "remote-managed"],
        ),
      },
      conflicts: { fixed_ip: ["no_fixed_ip"], no_fixed_ip: ["fixed_ip"] },
    },

    create(planned, { region }) {
      checkChoice(planned);
      const network = account.networks.find(stringOf(planned.network_id) ?? "", region);
      if (account.count(account.ports, region) >= account.limits.quotas.ports)
        throw overQuota("port");
      const base = account.newObject(region, planned);
      return {
        ...base,
        network: network.id,
        mac: stringOf(planned.mac_address)?.toLowerCase() ?? randomMac(),
        fixedIps: fixedIpsOf(account, network, planned, base.id, []),
        securityGroups: groupsOf(account, planned, region),
        deviceId: stringOf(planned.device_id) ?? "",
        deviceOwner: stringOf(planned.device_owner) ?? "",
        madeByCompute: false,
        ...settingsOf(planned),
      };
    },

    show: shownPort,

    update(object, planned, prior) {
      checkChoice(planned);
      const network = account.networks.find(object.network, object.region);
      if (changes(planned, prior, "security_group_ids", "no_security_groups"))
        object.securityGroups = changedGroups(account, planned, object.region);
      if (changes(planned, prior, "fixed_ip", "no_fixed_ip"))
        object.fixedIps = fixedIpsOf(account, network, planned, object.id, object.fixedIps);
      Object.assign(object, settingsOf(planned));
    },

    delete(object) {
      if (object.deviceOwner.startsWith("network:"))
        throw networkError(
          409,
          "ServicePortInUse",
          `Port ${object.id} cannot be deleted directly via the port API: has device owner ${object.deviceOwner}.`,
        );
      removePort(account, object);
    },
  };
}

function shownPort(object: Port): Values {
  return {
    network_id: object.network,
    mac_address: object.mac,
    device_owner: object.deviceOwner,
    device_id: object.deviceId,
    all_fixed_ips: object.fixedIps.map(({ address }) => address),
    all_security_group_ids: object.securityGroups,
    allowed_address_pairs: object.addressPairs.map(({ address, mac }) => ({
      ip_address: address,
      mac_address: mac === object.mac || mac === "" ? "" : mac,
    })),
    extra_dhcp_option: [],
    port_security_enabled: object.portSecurity,
    binding: [{ host_id: "", profile: "", vif_details: {}, vif_type: "", vnic_type: "normal" }],
    dns_name: object.dnsName,
    dns_assignment: [],
    qos_policy_id: object.qosPolicy,
  };
}

/** Disassociates its Floating IP; the server that it belongs to does not notice. */
export function removePort(account: Account, object: Port): void {
  for (const ip of account.floatingIps.all())
    if (ip.port === object.id) Object.assign(ip, { port: "", fixedIp: "", router: "" });
  account.ports.remove(object.id);
}

/** Ports of DHCP: they never prevent the deletion of a subnet or a network. */
export function isOwnTraffic({ deviceOwner }: Port): boolean {
  return deviceOwner === "network:dhcp";
}

export interface ServicePort {
  readonly deviceOwner: string;
  readonly deviceId: string;
  readonly fixedIp: FixedIp;
  readonly name?: string;
  readonly projectId?: string;
  readonly securityGroups?: readonly string[];
  readonly madeByCompute?: boolean;
}

/** A port that a service creates: a router, DHCP, a load balancer, Nova. */
export function servicePort(
  account: Account,
  subnet: Pick<Subnet, "network" | "region">,
  wanted: ServicePort,
): Port {
  const base = account.newObject(
    subnet.region,
    { name: wanted.name ?? "" },
    wanted.projectId ?? PROJECT,
  );
  return account.ports.put({
    ...base,
    network: subnet.network,
    mac: randomMac(),
    fixedIps: [wanted.fixedIp],
    securityGroups: [...(wanted.securityGroups ?? [])],
    deviceId: wanted.deviceId,
    deviceOwner: wanted.deviceOwner,
    madeByCompute: wanted.madeByCompute ?? false,
    ...settingsOf({}),
  });
}

function checkChoice(planned: Values): void {
  if (isTrue(planned.no_security_groups) && stringsOf(planned.security_group_ids).length > 0)
    throw new Refusal(
      "Cannot have both no_security_groups and security_group_ids set for openstack_networking_port_v2",
    );
}

function settingsOf(planned: Values) {
  return {
    portSecurity: planned.port_security_enabled !== false,
    dnsName: stringOf(planned.dns_name) ?? "",
    qosPolicy: stringOf(planned.qos_policy_id) ?? "",
    addressPairs: blocksOf(planned.allowed_address_pairs).map((pair) => ({
      address: stringOf(pair.ip_address) ?? "",
      mac: stringOf(pair.mac_address) ?? "",
    })),
  };
}

/** Without configured groups a new port has the project's default group, which is open on OVHcloud. */
function groupsOf(account: Account, planned: Values, region: string): string[] {
  if (isTrue(planned.no_security_groups)) return [];
  const groups = stringsOf(planned.security_group_ids);
  checkGroups(account, groups, region);
  return groups.length > 0 ? groups : [defaultGroup(region)];
}

/** Removing the groups later leaves the port without any. */
function changedGroups(account: Account, planned: Values, region: string): string[] {
  const groups = stringsOf(planned.security_group_ids);
  checkGroups(account, groups, region);
  return groups;
}

/** @param before Addresses that the port has already; they do not count as taken. */
function fixedIpsOf(
  account: Account,
  network: Network,
  planned: Values,
  portId: string,
  before: readonly FixedIp[],
): FixedIp[] {
  if (isTrue(planned.no_fixed_ip)) return [];
  const subnets = account.subnets.all().filter((subnet) => subnet.network === network.id);
  const wanted = blocksOf(planned.fixed_ip);
  if (wanted.length === 0)
    return subnets.slice(0, 1).map((subnet) => allocate(account, subnet, portId));
  return wanted.map((block) => {
    const address = stringOf(block.ip_address);
    const subnet = subnetFor(account, network, subnets, stringOf(block.subnet_id), address);
    const kept = before.find((ip) => ip.subnet === subnet.id && ip.address === address);
    if (kept !== undefined) return kept;
    return address === undefined
      ? allocate(account, subnet, portId)
      : claim(account, subnet, address);
  });
}

function subnetFor(
  account: Account,
  network: Network,
  subnets: readonly Subnet[],
  id: string | undefined,
  address: string | undefined,
): Subnet {
  if (id !== undefined) {
    const subnet = account.subnets.find(id, network.region);
    if (subnet.network !== network.id)
      throw badNetworkRequest(
        `Failed to create port on network ${network.id}, because fixed_ips included invalid subnet ${id}`,
      );
    return subnet;
  }
  const [first] = subnets;
  if (first === undefined)
    throw networkError(
      400,
      "InvalidIpForNetwork",
      `IP address ${address} is not a valid IP for any of the subnets on the specified network.`,
    );
  return first;
}
