/** Rules of security groups: their arguments, how the API returns them, and what they let through. */
import type { Values } from "../../protocol/model";
import { contains, parseSubnet, toCidr } from "../addresses";
import { blocksOf, numberOf, stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import { invalidResource, invalidValue } from "./errors";
import type { Peer, SecurityGroup, SecurityRule } from "./objects";

export const EVERYTHING: SecurityRule = {
  protocol: "-1",
  from: -1,
  to: -1,
  peer: { ipRange: "0.0.0.0/0" },
};

const PROTOCOLS = ["tcp", "udp", "icmp", "-1"];

/** From the flat form, or from `rules` blocks: one for each network and each member. */
export function rulesOf(account: Account, values: Values): SecurityRule[] {
  const ipRange = stringOf(values.ip_range);
  const name = stringOf(values.security_group_name_to_link);
  const blocks = blocksOf(values.rules);
  if (blocks.length > 0) return blocks.flatMap((block) => rulesOfBlock(account, block));
  if (name !== undefined) return [{ ...EVERYTHING, peer: { group: groupNamed(account, name) } }];
  if (ipRange === undefined) throw invalidValue(4047, "A rule needs an IP range or a member.");
  return [ruleTo(values, { ipRange: networkForm(ipRange) })];
}

function rulesOfBlock(account: Account, block: Values): SecurityRule[] {
  const members = blocksOf(block.security_groups_members).map((member): Peer => ({
    group: memberId(account, member),
  }));
  const networks = stringsOf(block.ip_ranges).map((ipRange): Peer => ({
    ipRange: networkForm(ipRange),
  }));
  if (members.length + networks.length === 0)
    throw invalidValue(4047, "A rule needs an IP range or a member.");
  return [...networks, ...members].map((peer) => ruleTo(block, peer));
}

function ruleTo(values: Values, peer: Peer): SecurityRule {
  const protocol = stringOf(values.ip_protocol) ?? "";
  if (!PROTOCOLS.includes(protocol))
    throw invalidValue(4047, `The value ${protocol} of IpProtocol is invalid.`);
  // "All protocols" has no ports: the API ignores them.
  if (protocol === "-1") return { protocol, from: -1, to: -1, peer };
  const from = numberOf(values.from_port_range) ?? -1;
  const to = numberOf(values.to_port_range) ?? -1;
  if (from > to || to > 65_535 || (protocol !== "icmp" && from < 0))
    throw invalidValue(4047, `The port range ${from} to ${to} is invalid.`);
  return { protocol, from, to, peer };
}

/** @throws ApiError 4047 when host bits are set, as the API's description says. */
function networkForm(ipRange: string): string {
  const range = parseSubnet(ipRange);
  if (range === undefined || toCidr(range) !== ipRange)
    throw invalidValue(4047, `The value ${ipRange} of IpRange is not a network in CIDR notation.`);
  return ipRange;
}

function memberId(account: Account, member: Values): string {
  const id = stringOf(member.security_group_id);
  if (id === undefined) return groupNamed(account, stringOf(member.security_group_name) ?? "");
  if (account.securityGroups.get(id) === undefined)
    throw invalidResource(5060, `The security group ${id} does not exist.`);
  return id;
}

function groupNamed(account: Account, name: string): string {
  const found = account.securityGroups.all().find((group) => group.name === name);
  if (found === undefined)
    throw invalidResource(5060, `The security group ${name} does not exist.`);
  return found.id;
}

export function sameRule(one: SecurityRule, other: SecurityRule): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Rules of the same protocol and ports are one, with several networks and members. */
export function shownRules(account: Account, rules: readonly SecurityRule[]): Values[] {
  const shown = new Map<string, SecurityRule[]>();
  for (const rule of rules) {
    const key = `${rule.protocol} ${rule.from} ${rule.to}`;
    shown.set(key, [...(shown.get(key) ?? []), rule]);
  }
  return [...shown.values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    return [
      {
        ip_protocol: first.protocol,
        from_port_range: first.from,
        to_port_range: first.to,
        ip_ranges: alike.flatMap(({ peer }) => ("ipRange" in peer ? [peer.ipRange] : [])),
        security_groups_members: alike.flatMap(({ peer }) =>
          "group" in peer ? [shownMember(account, peer.group)] : [],
        ),
        service_ids: null,
      },
    ];
  });
}

function shownMember(account: Account, group: string): Values {
  return {
    account_id: account.id,
    security_group_id: group,
    security_group_name: account.securityGroups.get(group)?.name ?? "",
  };
}

/** One end of a connection. */
export interface End {
  readonly address: string;
  readonly groups: readonly string[];
}

/** Whether any rule of some groups lets a TCP connection from or to the other end through. */
export function allows(
  groups: readonly SecurityGroup[],
  flow: "inbound" | "outbound",
  port: number,
  other: End,
): boolean {
  return groups.some((group) =>
    group[flow].some(({ protocol, from, to, peer }) => {
      const hasPort = protocol === "-1" || (protocol === "tcp" && from <= port && port <= to);
      const range = "ipRange" in peer ? parseSubnet(peer.ipRange) : undefined;
      const isMeant =
        "group" in peer
          ? other.groups.includes(peer.group)
          : range !== undefined && contains(range, other.address);
      return hasPort && isMeant;
    }),
  );
}
