/** Rule of a security group. It has no update: every argument replaces it. */
import { isIP } from "node:net";
import { parseSubnet } from "../addresses";
import { between, shown, type Check } from "../checks";
import { numberOf, stringOf } from "../values";
import type { Account } from "./account";
import { badNetworkRequest, networkError, overQuota } from "./errors";
import type { SecurityRule } from "./objects";
import type { Kind } from "./resource";
import { checkGroups } from "./security-group";

/** Names of protocols that the provider knows (gophercloud's list). */
const PROTOCOLS = [
  ...["ah", "dccp", "egp", "esp", "gre", "icmp", "igmp", "ipv6-encap", "ipv6-frag", "ipv6-icmp"],
  ...["ipv6-nonxt", "ipv6-opts", "ipv6-route", "ospf", "pgm", "rsvp", "sctp", "tcp", "udp"],
  ...["udplite", "vrrp", "ipip", ""],
];

const unknown = (value: string, name: string, end = "") => ({
  summary: `unknown "${name}" ${value} for openstack_networking_secgroup_rule_v2${end}`,
});

function known(names: readonly string[], end?: string): Check {
  return (value, name) => {
    const text = stringOf(value) ?? "";
    return names.includes(text) ? undefined : unknown(name, text, end);
  };
}

const protocol: Check = (value, name) => {
  const text = shown(value);
  if (PROTOCOLS.includes(text)) return undefined;
  if (!/^[+-]?\d+$/.test(text))
    return unknown(name, text, `: strconv.Atoi: parsing "${text}": invalid syntax`);
  return Number(text) >= 0 && Number(text) <= 255 ? undefined : unknown(name, text);
};

export function securityRule(account: Account): Kind<SecurityRule> {
  return {
    type: account.securityRules.kind,
    objects: account.securityRules,
    service: "network",
    path: "v2.0/security-group-rules",
    replacedBy: [
      ...["description", "direction", "ethertype", "protocol", "port_range_min"],
      ...["port_range_max", "remote_group_id", "remote_ip_prefix", "remote_address_group_id"],
      "security_group_id",
    ],
    checks: {
      values: {
        direction: known(["ingress", "egress"]),
        // With the provider's typo.
        ethertype: known(["IPv4", "IPv6"], "s"),
        protocol,
        port_range_min: between(0, 65535),
        port_range_max: between(0, 65535),
      },
      conflicts: {
        remote_group_id: ["remote_ip_prefix", "remote_address_group_id"],
        remote_ip_prefix: ["remote_group_id", "remote_address_group_id"],
        remote_address_group_id: ["remote_group_id", "remote_ip_prefix"],
      },
      requires: {
        port_range_min: ["protocol", "port_range_max"],
        port_range_max: ["protocol", "port_range_min"],
      },
    },
    plan({ planned }) {
      // The provider's state function.
      if (typeof planned.remote_ip_prefix === "string")
        planned.remote_ip_prefix = planned.remote_ip_prefix.toLowerCase();
    },

    create(planned, { region }) {
      const group = account.securityGroups.find(stringOf(planned.security_group_id) ?? "", region);
      const remoteGroup = stringOf(planned.remote_group_id) ?? "";
      if (remoteGroup !== "") checkGroups(account, [remoteGroup], region);
      if (account.count(account.securityRules, region) >= account.limits.quotas.securityRules)
        throw overQuota("security_group_rule");
      const rule: SecurityRule = {
        ...account.newObject(region, planned),
        group: group.id,
        direction: stringOf(planned.direction) ?? "",
        ethertype: stringOf(planned.ethertype) ?? "",
        protocol: stringOf(planned.protocol) ?? "",
        portMin: numberOf(planned.port_range_min) ?? 0,
        portMax: numberOf(planned.port_range_max) ?? 0,
        remoteGroup,
        remotePrefix: prefixOf(stringOf(planned.remote_ip_prefix), stringOf(planned.ethertype)),
        remoteAddressGroup: stringOf(planned.remote_address_group_id) ?? "",
      };
      if (rule.portMin > rule.portMax)
        throw networkError(
          400,
          "SecurityGroupInvalidPortRange",
          "For TCP/UDP protocols, port_range_min must be <= port_range_max",
        );
      const same = account.securityRules.all().find((other) => isDuplicate(other, rule));
      if (same !== undefined)
        throw networkError(
          409,
          "SecurityGroupRuleExists",
          `Security group rule already exists. Rule id is ${same.id}.`,
        );
      return rule;
    },

    show: (object) => ({
      direction: object.direction,
      ethertype: object.ethertype,
      protocol: object.protocol,
      port_range_min: object.portMin,
      port_range_max: object.portMax,
      remote_group_id: object.remoteGroup,
      remote_ip_prefix: object.remotePrefix,
      remote_address_group_id: object.remoteAddressGroup,
      security_group_id: object.group,
    }),

    delete(object) {
      account.securityRules.remove(object.id);
    },
  };
}

/** A bare address is returned with its prefix length; host bits are returned unchanged. */
function prefixOf(written: string | undefined, ethertype: string | undefined): string {
  if (written === undefined) return "";
  const [address = "", length] = written.split("/");
  const family = isIP(address);
  const longest = family === 6 ? 128 : 32;
  if (family === 0 || (length !== undefined && !/^\d{1,3}$/.test(length)))
    throw badNetworkRequest(`'${written}' is not a valid IP subnet`);
  if (Number(length ?? 0) > longest)
    throw badNetworkRequest(`'${written}' is not a valid IP subnet`);
  if (`IPv${family}` !== ethertype)
    throw networkError(
      400,
      "SecurityGroupRuleParameterConflict",
      `Conflicting value ethertype ${ethertype} for CIDR ${written}`,
    );
  return length === undefined ? `${address}/${longest}` : written;
}

/** What Neutron considers a duplicate: it ignores the description and host bits. */
function isDuplicate(a: SecurityRule, b: SecurityRule): boolean {
  const range = (rule: SecurityRule) => {
    const subnet = parseSubnet(rule.remotePrefix);
    return subnet ? `${subnet.first}/${subnet.prefix}` : rule.remotePrefix;
  };
  return (
    a.group === b.group &&
    a.direction === b.direction &&
    a.ethertype === b.ethertype &&
    a.protocol === b.protocol &&
    a.portMin === b.portMin &&
    a.portMax === b.portMax &&
    a.remoteGroup === b.remoteGroup &&
    a.remoteAddressGroup === b.remoteAddressGroup &&
    range(a) === range(b)
  );
}
