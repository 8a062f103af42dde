import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Refusal, type Values } from "../../protocol/model";
import { Cloud, refusal, removeFolders, text, type Config } from "./harness";
import { FLOATING_IP, GROUP, INSTANCE, MEMBER, MONITOR, RULE, SUBNET, Scenario } from "./scenario";

let cloud: Cloud;
let scenario: Scenario;

beforeEach(async () => {
  cloud = new Cloud();
  scenario = await Scenario.in(cloud);
});

afterAll(removeFolders);

function problems(): readonly string[] {
  return cloud.machines().flatMap((machine) => machine.problems);
}

describe("a node on OVHcloud", () => {
  test("behind a router comes up with its configuration", async () => {
    await scenario.egressRoute();
    const node = await scenario.node("172.16.4.4");
    expect(cloud.machines()).toEqual([
      {
        id: node.id,
        name: "node",
        running: true,
        image: "talos",
        privateAddress: "172.16.4.4",
        publicAddress: undefined,
        userData: "machine: {}",
        problems: [],
      },
    ]);
  });

  test("is built and boots, even if tofu is stopped while it waits for that", async () => {
    await scenario.egressRoute();
    const config = scenario.nodeConfig(await scenario.port("172.16.4.4"));
    const stop = () => Promise.reject(new Refusal("context canceled"));
    expect(await refusal(() => cloud.create(INSTANCE, config, stop))).toBe("context canceled");
    expect(cloud.machines()).toMatchObject([
      { running: true, userData: "machine: {}", problems: [] },
    ]);
  });

  test("is active after a restart of the simulator during its build", async () => {
    await scenario.egressRoute();
    const config = scenario.nodeConfig(await scenario.port("172.16.4.4"));
    let later: Pick<Cloud, "machines"> = cloud;
    const die = () => {
      later = cloud.restarted();
      return Promise.reject(new Refusal("context canceled"));
    };
    await refusal(() => cloud.create(INSTANCE, config, die));
    expect(later.machines()).toMatchObject([
      { running: true, userData: "machine: {}", problems: [] },
    ]);
  });

  test("cannot reach the internet while its subnet has no router with an external network", async () => {
    await scenario.node("172.16.4.4");
    expect(problems()).toEqual([expect.stringMatching(/no way out.*no router/)]);
    const closed = await scenario.router({ external_network_id: null });
    const created = await scenario.interface(closed);
    expect(problems()).toEqual([expect.stringMatching(/no way out/)]);
    await cloud.delete("openstack_networking_router_interface_v2", created);
    await scenario.egressRoute();
    expect(problems()).toEqual([]);
  });

  test("downloads nothing through a router with the MTU that OVHcloud's networks have", async () => {
    const wide = await Scenario.in(cloud, {}, { mtu: null });
    await wide.egressRoute();
    await wide.node("172.16.4.4");
    expect(problems()).toEqual([expect.stringMatching(/MTU of 9000.*downloads stall/)]);
  });

  test("without a config drive asks the metadata service, through DHCP or a router", async () => {
    await scenario.egressRoute();
    await scenario.node("172.16.4.4", { config_drive: false });
    expect(cloud.machines()).toMatchObject([{ userData: "machine: {}", problems: [] }]);
  });

  test("without config drive, DHCP and router finds nothing, and a later router does not help", async () => {
    const bare = await Scenario.in(cloud, { enable_dhcp: false });
    await bare.node("172.16.4.4", { config_drive: false });
    await bare.egressRoute();
    expect(cloud.machines()[0]?.userData).toBeUndefined();
    expect(problems()).toEqual([expect.stringMatching(/no config drive.*metadata service/)]);
  });

  test("with a config drive needs neither", async () => {
    const bare = await Scenario.in(cloud, { enable_dhcp: false });
    await bare.node("172.16.4.4");
    await bare.egressRoute();
    expect(cloud.machines()).toMatchObject([{ userData: "machine: {}", problems: [] }]);
  });

  test("from an image of another platform finds no configuration", async () => {
    const images = [{ name: "talos", platform: "nocloud" }];
    const there = await Scenario.in(new Cloud({ images }));
    await there.egressRoute();
    await there.node("172.16.4.4");
    expect(there.cloud.machines()).toMatchObject([
      {
        userData: undefined,
        problems: [expect.stringMatching(/built for nocloud, not for openstack/)],
      },
    ]);
  });

  test.each<[string, Config, RegExp]>([
    ["no user data", { user_data: null }, /no user data/],
    ["a cloud-config", { user_data: "#cloud-config\n{}" }, /begins with #cloud-config/],
  ])("with %s waits for a configuration", async (_what, config, message) => {
    await scenario.egressRoute();
    await scenario.node("172.16.4.4", config);
    expect(problems()).toEqual([expect.stringMatching(message)]);
  });

  test("without a NIC has no address", async () => {
    const config = scenario.nodeConfig(undefined, { network_mode: "none" });
    await cloud.create(INSTANCE, config);
    expect(problems()).toEqual(["It has no port on a network, hence no address."]);
  });
});

test("a bastion on OVHcloud has its cloud-config, and the public address of its Floating IP", async () => {
  await scenario.egressRoute();
  const port = await scenario.port("172.16.7.250");
  const ip = await scenario.floatingIp();
  await cloud.create(INSTANCE, {
    name: "bastion",
    flavor_name: "d2-2",
    image_name: "Ubuntu 24.04",
    user_data: "#cloud-config\n{}",
    network: { port: text(port, "id") },
  });
  expect(cloud.machines()[0]?.publicAddress).toBeUndefined();
  await scenario.associate(ip, text(port, "id"));
  expect(cloud.machines()).toMatchObject([
    {
      image: "Ubuntu 24.04",
      publicAddress: (await cloud.read(FLOATING_IP, ip))?.address,
      privateAddress: "172.16.7.250",
      userData: "#cloud-config\n{}",
      problems: [],
    },
  ]);
});

test("machines on OVHcloud are listed in the order of their creation, also after a restart", async () => {
  await scenario.node("172.16.4.5", { name: "b" });
  await scenario.node("172.16.4.4", { name: "a" });
  expect(
    cloud
      .restarted()
      .machines()
      .map(({ name }) => name),
  ).toEqual(["b", "a"]);
});

describe("security groups on OVHcloud", () => {
  let group: Values;
  let bastion: Values;

  beforeEach(async () => {
    group = await scenario.group("node");
    bastion = await scenario.group("bastion");
    await scenario.egressRoute();
    await scenario.node("172.16.4.4", {}, { security_group_ids: [text(group, "id")] });
    await scenario.node(
      "172.16.7.250",
      { name: "bastion", user_data: "#cloud-config\n{}" },
      { security_group_ids: [text(bastion, "id")] },
    );
  });

  const drops = (port = 50000) => cloud.ovh.drops?.("172.16.7.250", "172.16.4.4", port);

  test("drop what no rule allows, also between machines of the private network", () => {
    expect(drops()).toBe("no security group of node lets 172.16.7.250 in on tcp/50000");
  });

  test.each<[string, Config]>([
    ["a network that it is in", { remote_ip_prefix: "172.16.4.0/22" }],
    ["everybody", {}],
    ["its port among others", { protocol: "tcp", port_range_min: 49000, port_range_max: 50000 }],
    ["the protocol by its number", { protocol: "6", port_range_min: 50000, port_range_max: 50000 }],
  ])("allow what a rule names by %s", async (_how, config) => {
    await scenario.rule(group, config);
    expect(drops()).toBeUndefined();
  });

  test("allow what a rule names by its group", async () => {
    await scenario.rule(group, { remote_group_id: text(bastion, "id") });
    expect(drops()).toBeUndefined();
  });

  test.each<[string, Config]>([
    ["another network", { remote_ip_prefix: "172.16.4.0/24" }],
    ["another port", { protocol: "tcp", port_range_min: 6443, port_range_max: 6443 }],
    ["another protocol", { protocol: "udp" }],
    ["the other direction", { direction: "egress", protocol: "tcp" }],
    ["the other family", { ethertype: "IPv6", protocol: "tcp" }],
  ])("drop what a rule allows for %s", async (_how, config) => {
    await scenario.rule(group, config);
    expect(drops()).toMatch(/^no security group/);
  });

  test("drop what a rule allows for a group that the other end does not have", async () => {
    await scenario.rule(group, { remote_group_id: text(group, "id") });
    expect(drops()).toMatch(/^no security group/);
  });

  test("of a port without configured groups are the project's default one, which is open", async () => {
    await scenario.node("172.16.4.5", { name: "open" });
    expect(cloud.ovh.drops?.("172.16.4.4", "172.16.4.5", 50000)).toBeUndefined();
  });

  test("do not decide for an address without a machine", () => {
    expect(cloud.ovh.drops?.("172.16.7.250", "172.16.4.99", 50000)).toBeUndefined();
    expect(cloud.ovh.drops?.("203.0.113.7", "172.16.4.4", 50000)).toBeUndefined();
  });
});

describe("a load balancer member on OVHcloud", () => {
  let group: Values;
  let service: Awaited<ReturnType<Scenario["service"]>>;

  const build = async (rule: Config | null = {}, monitor: Config = {}) => {
    group = await scenario.group("control-plane");
    if (rule !== null)
      await scenario.rule(group, {
        protocol: "tcp",
        port_range_min: 6443,
        port_range_max: 6443,
        remote_ip_prefix: "172.16.4.0/22",
        ...rule,
      });
    await scenario.egressRoute();
    service = await scenario.service(monitor);
    await cloud.create(MEMBER, scenario.memberConfig(service.pool, "172.16.4.4", { name: "m" }));
  };

  const node = () => scenario.node("172.16.4.4", {}, { security_group_ids: [text(group, "id")] });

  const stored = () =>
    Object.values(cloud.store.all<{ operatingStatus: string }>(MEMBER)).map(
      ({ operatingStatus }) => operatingStatus,
    );

  test("is ONLINE once its machine is up and allows the amphorae", async () => {
    await build();
    expect(cloud.ovh.members()).toMatchObject([
      { name: "m", status: "ERROR", reasons: ["No machine has 172.16.4.4."] },
    ]);
    await node();
    expect(cloud.ovh.members()).toMatchObject([{ status: "ONLINE", reasons: [] }]);
    cloud.machines();
    expect(stored()).toEqual(["ONLINE"]);
  });

  test("is in ERROR while its machine boots", async () => {
    await build();
    const created = await node();
    const kept = cloud.store.get<{ bootedAt: number }>(INSTANCE, text(created, "id"));
    if (kept) kept.bootedAt = Date.now() + 60_000;
    expect(cloud.ovh.members()[0]?.reasons).toEqual(["node is booting."]);
  });

  test.each<[string, Config | null]>([
    ["no rule", null],
    ["a rule for the Floating IP", { remote_ip_prefix: "192.0.2.1/32" }],
    ["a rule for the VIP", { remote_ip_prefix: "172.16.4.3/32" }],
  ])("is in ERROR with %s, since the amphorae have addresses of their own", async (_what, rule) => {
    await build(rule);
    await node();
    expect(cloud.ovh.members()[0]).toMatchObject({
      status: "ERROR",
      reasons: [
        expect.stringMatching(
          /^No security group of node lets the amphorae \(172\.16\.7\.\d+, 172\.16\.7\.\d+\) in on tcp\/6443\.$/,
        ),
      ],
    });
    cloud.machines();
    expect(stored()).toEqual(["ERROR"]);
  });

  test("is in ERROR for a machine that does not come up", async () => {
    await build();
    await scenario.node(
      "172.16.4.4",
      { user_data: null },
      { security_group_ids: [text(group, "id")] },
    );
    expect(cloud.ovh.members()[0]?.reasons).toEqual([expect.stringMatching(/no user data/)]);
  });

  test("is in ERROR when its HTTPS health check gets 401", async () => {
    await build({}, { type: "HTTPS", url_path: "/readyz" });
    await node();
    expect(cloud.ovh.members()[0]?.reasons).toEqual([
      "It answers GET /readyz with 401, and 200 is expected.",
    ]);
  });

  test("has no status without a monitor", async () => {
    await build();
    await node();
    await cloud.delete(MONITOR, service.monitor);
    expect(cloud.ovh.members()).toMatchObject([{ status: "NO_MONITOR" }]);
    expect(stored()).toEqual(["NO_MONITOR"]);
  });
});

test("rules and groups leave nothing in the store", async () => {
  const before = cloud.store.count();
  const group = await scenario.group("node");
  await scenario.rule(group, { remote_group_id: text(group, "id") });
  await cloud.delete(GROUP, group);
  expect(cloud.store.count()).toEqual(before);
  expect(cloud.store.count()[RULE]).toBeUndefined();
  expect(cloud.store.count()[SUBNET]).toBe(1);
});
