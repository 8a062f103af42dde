import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Cloud, refusal, removeFolders, text, type Config } from "./harness";
import { ASSOCIATE, FLOATING_IP, GROUP, PORT, RULE, Scenario } from "./scenario";

const UNKNOWN_ID = "11111111-1111-4111-8111-111111111111";

let cloud: Cloud;
let scenario: Scenario;

beforeEach(async () => {
  cloud = new Cloud();
  scenario = await Scenario.in(cloud);
});

afterAll(removeFolders);

describe("port on OVHcloud", () => {
  test("has its planned address, and plans no change afterwards", async () => {
    const group = await scenario.group("node");
    const config = scenario.portConfig("172.16.4.4", { security_group_ids: [text(group, "id")] });
    const port = await cloud.create(PORT, config);
    expect(port).toMatchObject({
      all_fixed_ips: ["172.16.4.4"],
      all_security_group_ids: [group.id],
      device_id: "",
      device_owner: "",
      port_security_enabled: true,
      binding: [{ vnic_type: "normal" }],
    });
    expect(port.mac_address).toMatch(/^fa:16:3e(:[0-9a-f]{2}){3}$/);
    expect(cloud.plan(PORT, config, port).isEmpty).toBe(true);
    const read = (await cloud.read(PORT, port)) ?? {};
    expect(cloud.plan(PORT, config, read).isEmpty).toBe(true);
  });

  test("without a configured group has the project's default one, which is open", async () => {
    const { all_security_group_ids: groups } = await scenario.port("172.16.4.4");
    expect(groups).toHaveLength(1);
    expect(cloud.store.count()[GROUP]).toBeUndefined();
  });

  test("with no_security_groups has none", async () => {
    const port = await scenario.port("172.16.4.4", { no_security_groups: true });
    expect(port.all_security_group_ids).toEqual([]);
  });

  test("without an address gets one of the pool, not always the first", async () => {
    const ports = await Promise.all(
      Array.from({ length: 8 }, () => cloud.create(PORT, { network_id: scenario.networkId })),
    );
    const addresses = ports.flatMap(({ all_fixed_ips: ips }) => ips as string[]);
    for (const address of addresses) expect(address).toMatch(/^172\.16\.7\.\d+$/);
    expect(new Set(addresses).size).toBe(8);
    expect(addresses).not.toEqual([...addresses].sort());
  });

  test("can have an address outside of the pool, even the gateway's while no router has it", async () => {
    expect(await scenario.port("172.16.4.1")).toMatchObject({ all_fixed_ips: ["172.16.4.1"] });
  });

  test.each<[string, string, Config, RegExp]>([
    [
      "an address of another network",
      "10.0.0.4",
      {},
      /got 400 instead: .*IP address 10\.0\.0\.4 is not a valid IP for the specified subnet\./,
    ],
    ["the network's own address", "172.16.4.0", {}, /got 400 instead: .*not a valid IP/],
    ["the broadcast address", "172.16.7.255", {}, /got 400 instead: .*not a valid IP/],
    [
      "a group that is not there",
      "172.16.4.4",
      { security_group_ids: [UNKNOWN_ID] },
      /got 404 instead: .*Security group 11111111-.* does not exist/,
    ],
    [
      "a network that is not there",
      "172.16.4.4",
      { network_id: UNKNOWN_ID },
      /got 404 instead: .*Network .* could not be found/,
    ],
    [
      "a subnet that is not there",
      "172.16.4.4",
      { fixed_ip: { subnet_id: UNKNOWN_ID } },
      /got 404 instead: .*Subnet .* could not be found/,
    ],
    [
      "groups beside none",
      "172.16.4.4",
      { no_security_groups: true, security_group_ids: [UNKNOWN_ID] },
      /^Cannot have both no_security_groups and security_group_ids set for openstack_networking_port_v2$/,
    ],
  ])("refuses %s", async (_what, address, config, message) => {
    expect(await refusal(() => scenario.port(address, config))).toMatch(message);
  });

  test("refuses an address in use, also by the cloud itself", async () => {
    await scenario.port("172.16.4.4");
    expect(await refusal(() => scenario.port("172.16.4.4"))).toMatch(
      /^Error creating openstack_networking_port_v2: .*\[POST .*\/v2\.0\/ports\], but got 409 instead: .*"type": "IpAddressAlreadyAllocated", "message": "IP address 172\.16\.4\.4 already allocated in subnet /,
    );
    const dhcp = Object.values(cloud.store.all<{ fixedIps: { address: string }[] }>(PORT))[0];
    const address = dhcp?.fixedIps[0]?.address ?? "";
    expect(await refusal(() => scenario.port(address))).toMatch(/already allocated/);
  });

  test("refuses an address without a subnet", async () => {
    const bare = await cloud.create("openstack_networking_network_v2", {});
    const config = { network_id: text(bare, "id"), fixed_ip: { ip_address: "10.0.0.4" } };
    expect(await refusal(() => cloud.create(PORT, config))).toMatch(
      /got 400 instead: .*not a valid IP for any of the subnets on the specified network/,
    );
  });

  test("refuses a subnet of another network", async () => {
    const other = await Scenario.in(cloud);
    const config = { fixed_ip: { subnet_id: other.subnetId, ip_address: "172.16.4.4" } };
    expect(await refusal(() => scenario.port("172.16.4.4", config))).toMatch(
      /got 400 instead: .*fixed_ips included invalid subnet/,
    );
  });

  test("changes its address and groups in place", async () => {
    const [one, other] = [await scenario.group("a"), await scenario.group("b")];
    const port = await scenario.port("172.16.4.4", { security_group_ids: [text(one, "id")] });
    const config = scenario.portConfig("172.16.4.5", { security_group_ids: [text(other, "id")] });
    expect(cloud.plan(PORT, config, port).replacedBy).toEqual([]);
    expect(await cloud.update(PORT, port, config)).toMatchObject({
      all_fixed_ips: ["172.16.4.5"],
      all_security_group_ids: [other.id],
    });
    await scenario.port("172.16.4.4");
  });

  test("has no group at all once its configured ones are removed", async () => {
    const group = await scenario.group("a");
    const port = await scenario.port("172.16.4.4", { security_group_ids: [text(group, "id")] });
    const changed = await cloud.update(PORT, port, scenario.portConfig("172.16.4.4"));
    expect(changed.all_security_group_ids).toEqual([]);
  });

  test("of a router cannot be deleted as a port", async () => {
    const { interface: created } = await scenario.egressRoute();
    const port = (await cloud.import(PORT, text(created, "id"))) ?? {};
    expect(await refusal(() => cloud.delete(PORT, port))).toMatch(
      /got 409 instead: .*cannot be deleted directly via the port API: has device owner network:router_interface_distributed/,
    );
  });

  test("is refused over the project's quota", async () => {
    const small = await Scenario.in(new Cloud({ quotas: { ports: 3 } }));
    await small.port("172.16.4.4");
    expect(await refusal(() => small.port("172.16.4.5"))).toMatch(
      /got 409 instead: .*Quota exceeded for resources: \['port'\]\./,
    );
  });
});

describe("floating IP on OVHcloud", () => {
  test("is a public address whose target is known only after the next read", async () => {
    await scenario.egressRoute();
    const ip = await scenario.floatingIp();
    expect(ip).toMatchObject({ pool: "Ext-Net", port_id: "", fixed_ip: "" });
    const port = await scenario.port("172.16.4.4");
    await scenario.associate(ip, text(port, "id"));
    const read = await cloud.read(FLOATING_IP, ip);
    expect(read).toMatchObject({ port_id: port.id, fixed_ip: "172.16.4.4", address: ip.address });
    expect(read && cloud.plan(FLOATING_IP, { pool: "Ext-Net" }, read).isEmpty).toBe(true);
  });

  test("is found by the name of its pool alone", async () => {
    const external = cloud.data("openstack_networking_network_v2", { name: "Ext-Net" });
    const id = text(external, "id");
    expect(await refusal(() => cloud.create(FLOATING_IP, { pool: id }))).toBe(
      `No network found with name: ${id}`,
    );
    expect(await refusal(() => cloud.create(FLOATING_IP, { pool: "x" }))).toMatch(
      /got 400 instead: .*is not a valid external network/,
    );
  });

  test("is refused over the project's quota", async () => {
    const small = await Scenario.in(new Cloud({ quotas: { floatingIps: 1 } }));
    await small.floatingIp();
    expect(await refusal(() => small.floatingIp())).toMatch(
      /got 409 instead: .*Quota exceeded for resources: \['floatingip'\]\./,
    );
  });

  test("cannot be chosen by a user", async () => {
    const create = () => cloud.create(FLOATING_IP, { pool: "Ext-Net", address: "192.0.2.9" });
    expect(await refusal(create)).toMatch(/got 403 instead: .*disallowed by policy/);
  });

  test("is replaced with another pool, and keeps its address with another description", async () => {
    const ip = await scenario.floatingIp();
    expect(cloud.plan(FLOATING_IP, { pool: "other" }, ip).replacedBy).toEqual(["pool"]);
    const config = { pool: "Ext-Net", description: "d" };
    expect(cloud.plan(FLOATING_IP, config, ip).replacedBy).toEqual([]);
    expect(await cloud.update(FLOATING_IP, ip, config)).toMatchObject({
      address: ip.address,
      description: "d",
    });
  });
});

describe("association of a floating IP on OVHcloud", () => {
  test("needs a router between the port's subnet and Ext-Net", async () => {
    const port = await scenario.port("172.16.4.4");
    const ip = await scenario.floatingIp();
    const associate = () => scenario.associate(ip, text(port, "id"));
    const message = new RegExp(
      `^Error associating openstack_networking_floatingip_associate_v2 floating_ip ${text(ip, "id")} with port ${text(port, "id")}: .*\\[PUT .*\\], but got 404 instead: .*External network .* is not reachable from subnet ${scenario.subnetId}\\.  Therefore, cannot associate Port ${text(port, "id")} with a Floating IP\\.`,
    );
    expect(await refusal(associate)).toMatch(message);
    const closed = await scenario.router({ external_network_id: null });
    const created = await scenario.interface(closed);
    expect(await refusal(associate)).toMatch(message);
    await cloud.delete("openstack_networking_router_interface_v2", created);
    await scenario.egressRoute();
    expect(await associate()).toMatchObject({ id: ip.id, fixed_ip: "172.16.4.4" });
  });

  test("is refused for an address without a port", async () => {
    const create = () => cloud.create(ASSOCIATE, { floating_ip: "192.0.2.1", port_id: UNKNOWN_ID });
    expect(await refusal(create)).toBe(
      "Unable to get ID of openstack_networking_floatingip_associate_v2 floating_ip 192.0.2.1: there are no openstack_networking_floatingip_v2 with 192.0.2.1 IP",
    );
  });

  test("needs an address of the port, namely the configured one", async () => {
    await scenario.egressRoute();
    const ip = await scenario.floatingIp();
    const bare = await cloud.create(PORT, { network_id: scenario.networkId, no_fixed_ip: true });
    expect(await refusal(() => scenario.associate(ip, text(bare, "id")))).toMatch(
      /got 400 instead: .*Cannot add floating IP to port .* that has no fixed IPv4 addresses/,
    );
    const port = await scenario.port("172.16.4.4");
    const config = { floating_ip: text(ip, "address"), port_id: text(port, "id") };
    const create = () => cloud.create(ASSOCIATE, { ...config, fixed_ip: "172.16.4.5" });
    expect(await refusal(create)).toMatch(
      /got 400 instead: .*does not have fixed ip 172\.16\.4\.5/,
    );
  });

  test("is refused for a port's address that has one", async () => {
    await scenario.egressRoute();
    const port = text(await scenario.port("172.16.4.4"), "id");
    await scenario.associate(await scenario.floatingIp(), port);
    const second = await scenario.floatingIp();
    expect(await refusal(() => scenario.associate(second, port))).toMatch(
      /got 409 instead: .*as that fixed IP already has a floating IP on external network/,
    );
  });

  test("moves to another port in place, and keeps the address when it is deleted", async () => {
    await scenario.egressRoute();
    const [one, other] = [await scenario.port("172.16.4.4"), await scenario.port("172.16.4.5")];
    const ip = await scenario.floatingIp();
    const created = await scenario.associate(ip, text(one, "id"));
    const config = { floating_ip: text(ip, "address"), port_id: text(other, "id") };
    expect(cloud.plan(ASSOCIATE, config, created).replacedBy).toEqual([]);
    const moved = await cloud.update(ASSOCIATE, created, config);
    expect(moved).toMatchObject({ port_id: other.id, fixed_ip: "172.16.4.5" });
    await cloud.delete(ASSOCIATE, moved);
    expect(await cloud.read(FLOATING_IP, ip)).toMatchObject({ port_id: "", address: ip.address });
  });

  test("is deleted with its port", async () => {
    await scenario.egressRoute();
    const port = await scenario.port("172.16.4.4");
    const ip = await scenario.floatingIp();
    const created = await scenario.associate(ip, text(port, "id"));
    await cloud.delete(PORT, port);
    const read = (await cloud.read(ASSOCIATE, created)) ?? {};
    expect(read.port_id).toBe("");
    const config = { floating_ip: text(ip, "address"), port_id: UNKNOWN_ID };
    expect(cloud.plan(ASSOCIATE, config, read).isEmpty).toBe(false);
  });
});

describe("security group on OVHcloud", () => {
  test("allows all outbound and no inbound traffic by default", async () => {
    const group = await scenario.group("node");
    const rules = () =>
      Object.values(cloud.store.all<{ direction: string; ethertype: string }>(RULE));
    expect(rules().map(({ direction, ethertype }) => [direction, ethertype])).toEqual([
      ["egress", "IPv4"],
      ["egress", "IPv6"],
    ]);
    expect(group).toMatchObject({ stateful: true, description: "" });
    await cloud.create(GROUP, { name: "bare", delete_default_rules: true });
    expect(rules()).toHaveLength(2);
    await cloud.delete(GROUP, group);
    expect(rules()).toHaveLength(0);
  });

  test("is retried while a port has it when deleted, for ten minutes", async () => {
    const group = await scenario.group("node");
    const port = await scenario.port("172.16.4.4", { security_group_ids: [text(group, "id")] });
    expect(await refusal(() => cloud.delete(GROUP, group))).toBe(
      "Error deleting openstack_networking_secgroup_v2: timeout while waiting for state to become 'DELETED' (last state: 'ACTIVE', timeout: 10m0s)",
    );
    await cloud.delete(PORT, port);
    await cloud.delete(GROUP, group);
    expect(cloud.store.count()[GROUP]).toBeUndefined();
  });

  test("deletes rules of other groups that refer to it", async () => {
    const [node, bastion] = [await scenario.group("node"), await scenario.group("bastion")];
    const rule = await scenario.rule(node, { remote_group_id: text(bastion, "id") });
    await cloud.delete(GROUP, bastion);
    expect(await cloud.read(RULE, rule)).toBeNull();
  });

  test("can have the same name as another", async () => {
    const [one, other] = [await scenario.group("node"), await scenario.group("node")];
    expect(one.id).not.toBe(other.id);
  });
});

describe("security group rule on OVHcloud", () => {
  const ssh = { protocol: "tcp", port_range_min: 22, port_range_max: 22 };

  test("is replaced by every change", async () => {
    const group = await scenario.group("node");
    const rule = await scenario.rule(group, { ...ssh, remote_ip_prefix: "203.0.113.7/32" });
    const config = {
      security_group_id: text(group, "id"),
      direction: "ingress",
      ethertype: "IPv4",
      ...ssh,
      remote_ip_prefix: "203.0.113.7/32",
    };
    expect(cloud.plan(RULE, config, rule)).toMatchObject({ isEmpty: true });
    for (const [name, value] of Object.entries({
      description: "d",
      direction: "egress",
      protocol: "udp",
      port_range_min: 21,
      port_range_max: 23,
      remote_ip_prefix: "203.0.113.8/32",
      security_group_id: UNKNOWN_ID,
    }))
      expect(cloud.plan(RULE, { ...config, [name]: value }, rule).replacedBy).toEqual([name]);
  });

  test("is refused over the project's quota, which includes those of a new group", async () => {
    const small = new Cloud({ quotas: { securityRules: 2 } });
    const group = await small.create(GROUP, { name: "x" });
    const config = { security_group_id: text(group, "id"), direction: "ingress" };
    expect(await refusal(() => small.create(RULE, { ...config, ethertype: "IPv4" }))).toContain(
      "Quota exceeded for resources: ['security_group_rule'].",
    );
  });

  test("with a bare address is replaced in every plan", async () => {
    const group = await scenario.group("node");
    const given = { ...ssh, remote_ip_prefix: "203.0.113.7" };
    const rule = await scenario.rule(group, given);
    expect(rule.remote_ip_prefix).toBe("203.0.113.7/32");
    const config = {
      security_group_id: text(group, "id"),
      direction: "ingress",
      ethertype: "IPv4",
    };
    expect(cloud.plan(RULE, { ...config, ...given }, rule).replacedBy).toEqual([
      "remote_ip_prefix",
    ]);
  });

  test("keeps host bits as configured, and lower case", async () => {
    const group = await scenario.group("node");
    const rule = await scenario.rule(group, { ...ssh, remote_ip_prefix: "203.0.113.7/24" });
    expect(rule.remote_ip_prefix).toBe("203.0.113.7/24");
    const six = await scenario.rule(group, {
      ethertype: "IPv6",
      remote_ip_prefix: "2001:DB8::/64",
    });
    expect(six.remote_ip_prefix).toBe("2001:db8::/64");
  });

  test.each<[string, Config, Config]>([
    [
      "word for word",
      { remote_ip_prefix: "203.0.113.7/32" },
      { remote_ip_prefix: "203.0.113.7/32" },
    ],
    [
      "without a length",
      { remote_ip_prefix: "203.0.113.7/32" },
      { remote_ip_prefix: "203.0.113.7" },
    ],
    [
      "with host bits",
      { remote_ip_prefix: "203.0.113.0/24" },
      { remote_ip_prefix: "203.0.113.7/24" },
    ],
    ["with another description", {}, { description: "d" }],
  ])("with the same %s is a duplicate", async (_how, one, other) => {
    const group = await scenario.group("node");
    const first = await scenario.rule(group, { ...ssh, ...one });
    expect(await refusal(() => scenario.rule(group, { ...ssh, ...other }))).toMatch(
      new RegExp(
        `^Error creating openstack_networking_secgroup_rule_v2: .*got 409 instead: .*Security group rule already exists\\. Rule id is ${text(first, "id")}\\.`,
      ),
    );
  });

  test.each<[string, Config, RegExp]>([
    [
      "a group that is not there",
      { security_group_id: UNKNOWN_ID },
      /got 404 instead: .*Security group .* does not exist/,
    ],
    [
      "another side that is not there",
      { remote_group_id: UNKNOWN_ID },
      /got 404 instead: .*Security group .* does not exist/,
    ],
    [
      "nonsense for a network",
      { remote_ip_prefix: "home" },
      /got 400 instead: .*'home' is not a valid IP subnet/,
    ],
    [
      "a length that no network has",
      { remote_ip_prefix: "10.0.0.0/33" },
      /got 400 instead: .*not a valid IP subnet/,
    ],
    [
      "an IPv6 network in an IPv4 rule",
      { remote_ip_prefix: "2001:db8::/64" },
      /got 400 instead: .*Conflicting value ethertype IPv4 for CIDR 2001:db8::\/64/,
    ],
    [
      "ports from high to low",
      { port_range_min: 23 },
      /got 400 instead: .*port_range_min must be <= port_range_max/,
    ],
  ])("refuses %s", async (_what, config, message) => {
    const group = await scenario.group("node");
    expect(await refusal(() => scenario.rule(group, { ...ssh, ...config }))).toMatch(message);
  });
});
