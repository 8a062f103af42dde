import type { GoneCheck, ResourceValues } from "../../constructs/model/recovery";

/** What the provider reads back though it is gone: links that lost an end, and rules of a group that stays. */
export const isGone = {
  internetServiceLink: ({ net_id }) => net_id === "",
  publicIpLink: ({ id }) => id === "",
  routeTableLink: ({ subnet_id }) => subnet_id === "",
  securityGroupRule: (rule, others) => {
    const group = others.find(({ security_group_id: id }) => id === rule["security_group_id"]);
    const there = listOf(group?.["inbound_rules"]);
    const parts = listOf(rule["rules"]);
    return !(parts.length > 0 ? parts : [rule]).every((part) => there.some(holds(part)));
  },
} satisfies Record<string, GoneCheck>;

/** The API shows rules of the same protocol and ports as one, with several networks and members. */
function holds(rule: ResourceValues) {
  const networks = [rule["ip_range"], ...textsOf(rule["ip_ranges"])];
  return (shown: ResourceValues): boolean =>
    shown["ip_protocol"] === rule["ip_protocol"] &&
    (rule["ip_protocol"] === "-1" || portsOf(shown) === portsOf(rule)) &&
    networks.every((one) => !one || textsOf(shown["ip_ranges"]).includes(one)) &&
    membersOf(rule).every((one) => membersOf(shown).includes(one));
}

const portsOf = (rule: ResourceValues) =>
  `${String(rule["from_port_range"])}-${String(rule["to_port_range"])}`;

const membersOf = (rule: ResourceValues) =>
  listOf(rule["security_groups_members"]).map((member) => member["security_group_id"]);

function textsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function listOf(value: unknown): ResourceValues[] {
  return Array.isArray(value) ? (value as ResourceValues[]) : [];
}
