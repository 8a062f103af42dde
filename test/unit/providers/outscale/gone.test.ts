import { expect, test } from "@jest/globals";
import { recovery } from "../../../../providers/outscale/recovery";

/** As the state has it after a refresh. */
type Values = Readonly<Record<string, unknown>>;

function gone(type: string, resource: Values, others: readonly Values[] = []): boolean {
  const check = recovery[type]?.isGone;
  if (check === undefined) throw new Error(`${type} has no rule`);
  return check(resource, others);
}

test.each([
  ["outscale_internet_service_link", "net_id"],
  ["outscale_public_ip_link", "id"],
  ["outscale_route_table_link", "subnet_id"],
])("%s counts as deleted when it links nothing", (type, end) => {
  expect(gone(type, { [end]: "" })).toBe(true);
  expect(gone(type, { [end]: "x-1" })).toBe(false);
});

const type = "outscale_security_group_rule";
const ssh = { ip_protocol: "tcp", from_port_range: 22, to_port_range: 22 };
const member = (id: string) => [{ security_group_id: id }];
const group = (...rules: Values[]) => ({ security_group_id: "sg-1", inbound_rules: rules });

test("a rule for a network exists while its group has that network, alone or among others", () => {
  const rule = { security_group_id: "sg-1", ...ssh, ip_range: "192.0.2.0/24" };
  const shown = { ...ssh, ip_ranges: ["198.51.100.0/24", "192.0.2.0/24"] };
  expect(gone(type, rule, [group(shown)])).toBe(false);
  expect(gone(type, rule, [group({ ...shown, ip_ranges: ["198.51.100.0/24"] })])).toBe(true);
  expect(gone(type, rule, [group({ ...shown, to_port_range: 23 })])).toBe(true);
  expect(gone(type, rule, [group({ ...shown, ip_protocol: "udp" })])).toBe(true);
  expect(gone(type, rule, [{ ...group(shown), security_group_id: "sg-2" }])).toBe(true);
  expect(gone(type, rule)).toBe(true);
});

test("a rule for every port is identified by its protocol alone", () => {
  const rule = { security_group_id: "sg-1", ip_protocol: "-1", ip_range: "192.0.2.0/24" };
  const shown = { ip_protocol: "-1", from_port_range: -1, to_port_range: -1 };
  expect(gone(type, rule, [group({ ...shown, ip_ranges: ["192.0.2.0/24"] })])).toBe(false);
});

test("a rule for members exists while its group has each of them", () => {
  const rules = [{ ...ssh, security_groups_members: member("sg-9") }];
  const rule = { security_group_id: "sg-1", rules };
  const shown = { ...ssh, security_groups_members: member("sg-9") };
  expect(gone(type, rule, [group(shown)])).toBe(false);
  expect(gone(type, rule, [group({ ...ssh, security_groups_members: member("sg-8") })])).toBe(true);
});
