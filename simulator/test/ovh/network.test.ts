import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Cloud, counted, refusal, removeFolders, text, type Config } from "./harness";
import { INTERFACE, NETWORK, PORT, ROUTER, SUBNET, Scenario } from "./scenario";

const UNKNOWN_ID = "11111111-1111-4111-8111-111111111111";

let cloud: Cloud;
let scenario: Scenario;

beforeEach(async () => {
  cloud = new Cloud();
  scenario = await Scenario.in(cloud);
});

afterAll(removeFolders);

describe("network on OVHcloud", () => {
  test("is a VLAN of the vRack, with OVHcloud's MTU by default", async () => {
    const network = await cloud.create(NETWORK, { name: "y" });
    expect(network).toMatchObject({
      mtu: 9000,
      segments: [{ network_type: "vrack", physical_network: "", segmentation_id: 2 }],
      admin_state_up: true,
      shared: false,
      external: false,
      port_security_enabled: true,
      dns_domain: "",
      availability_zone_hints: [],
      all_tags: [],
      region: "GRA11",
    });
    expect(network.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(network.tenant_id).toMatch(/^[0-9a-f]{32}$/);
    expect(cloud.plan(NETWORK, { name: "y" }, network).isEmpty).toBe(true);
    expect((await cloud.create(NETWORK, { mtu: 1500 })).mtu).toBe(1500);
  });

  test("has null tags after its creation and [] after a read", async () => {
    const network = await cloud.create(NETWORK, {});
    expect(network.tags).toBeNull();
    const read = await cloud.read(NETWORK, network);
    expect(read?.tags).toEqual([]);
    expect(read && cloud.plan(NETWORK, {}, read).isEmpty).toBe(true);
  });

  test("keeps tags that were added elsewhere", async () => {
    const network = await cloud.create(NETWORK, { tags: ["a"] });
    const kept = cloud.store.get<{ tags: string[] }>(NETWORK, text(network, "id"));
    kept?.tags.push("theirs");
    expect(await cloud.read(NETWORK, network)).toMatchObject({
      tags: ["a"],
      all_tags: ["a", "theirs"],
    });
    const read = (await cloud.read(NETWORK, network)) ?? {};
    expect(await cloud.update(NETWORK, read, { tags: ["b"] })).toMatchObject({
      all_tags: ["b", "theirs"],
    });
  });

  test.each(["external", "shared"])(
    "refuses %s, which is reserved for the operator",
    async (name) => {
      expect(await refusal(() => cloud.create(NETWORK, { [name]: true }))).toMatch(
        /^Error creating openstack_networking_network_v2: Expected HTTP response code \[201 202\] when accessing \[POST https:\/\/network\.compute\.gra11\.cloud\.ovh\.net\/v2\.0\/networks\], but got 403 instead: \{"NeutronError": \{"type": "PolicyNotAuthorized", .*disallowed by policy/,
      );
    },
  );

  test("is not deleted while a port is on it, without a retry", async () => {
    await scenario.port("172.16.4.4");
    const { waits, wait } = counted();
    const remove = () => cloud.delete(NETWORK, scenario.network, wait);
    expect(await refusal(remove)).toMatch(
      /^Error deleting openstack_networking_network_v2 .* but got 409 instead: .*There are one or more ports still in use on the network\./,
    );
    expect(waits.count).toBe(0);
  });

  test("is refused in a region that OVHcloud does not have", async () => {
    expect(await refusal(() => cloud.create(NETWORK, { region: "GRA99" }))).toBe(
      "Error creating OpenStack networking client: No suitable endpoint could be found in the service catalog.",
    );
  });
});

test.each<[string, string, string, Config]>([
  ["networks", "network", NETWORK, {}],
  ["subnets", "subnet", SUBNET, { cidr: "10.0.0.0/24" }],
  ["routers", "router", ROUTER, {}],
  ["securityGroups", "security_group", "openstack_networking_secgroup_v2", { name: "x" }],
])("more %s than the project's quota are refused", async (quota, resource, type, config) => {
  const small = new Cloud({ quotas: { [quota]: 0 } });
  const network = type === NETWORK ? null : await small.create(NETWORK, {});
  const given = {
    ...config,
    ...(type === SUBNET && network && { network_id: text(network, "id") }),
  };
  expect(await refusal(() => small.create(type, given))).toContain(
    `Quota exceeded for resources: ['${resource}'].`,
  );
});

describe("subnet on OVHcloud", () => {
  const create = (config: Config) =>
    cloud.create(SUBNET, { network_id: scenario.networkId, ...config });

  test("has a gateway and all other addresses in its pool by default", async () => {
    const network = await cloud.create(NETWORK, {});
    const config = { network_id: text(network, "id"), cidr: "10.0.0.0/24" };
    const subnet = await cloud.create(SUBNET, config);
    expect(subnet).toMatchObject({
      gateway_ip: "10.0.0.1",
      no_gateway: false,
      allocation_pool: [{ start: "10.0.0.2", end: "10.0.0.254" }],
      enable_dhcp: true,
      ip_version: 4,
      service_types: [],
    });
    expect(cloud.plan(SUBNET, config, subnet).isEmpty).toBe(true);
  });

  test("without a gateway has an empty one", async () => {
    const subnet = await create({ cidr: "10.0.0.0/24", no_gateway: true });
    expect(subnet).toMatchObject({ gateway_ip: "", no_gateway: true });
  });

  test.each<[string, Config, RegExp]>([
    [
      "host bits",
      { cidr: "10.0.0.1/24" },
      /^cidr 10\.0\.0\.1\/24 doesn't match subnet address 10\.0\.0\.0\/24 for openstack_networking_subnet_v2$/,
    ],
    ["nonsense", { cidr: "10.0.0.0" }, /^Invalid CIDR 10\.0\.0\.0: invalid CIDR address/],
    [
      "a nameserver twice",
      { cidr: "10.0.0.0/24", dns_nameservers: ["1.1.1.1", "1.1.1.1"] },
      /dns_nameservers argument is invalid: got duplicate nameserver 1\.1\.1\.1$/,
    ],
    [
      "a gateway inside of its pool",
      {
        cidr: "10.0.0.0/24",
        gateway_ip: "10.0.0.9",
        allocation_pool: { start: "10.0.0.2", end: "10.0.0.20" },
      },
      /got 409 instead: .*Gateway ip 10\.0\.0\.9 conflicts with allocation pool 10\.0\.0\.2-10\.0\.0\.20\./,
    ],
    [
      "a pool beyond its network",
      { cidr: "10.0.0.0/24", allocation_pool: { start: "10.0.0.2", end: "10.0.1.2" } },
      /got 400 instead: .*spans beyond the subnet cidr 10\.0\.0\.0\/24/,
    ],
    [
      "a pool from its end to its start",
      { cidr: "10.0.0.0/24", allocation_pool: { start: "10.0.0.9", end: "10.0.0.2" } },
      /got 400 instead: .*The allocation pool 10\.0\.0\.9-10\.0\.0\.2 is not valid\./,
    ],
    [
      "pools that overlap",
      {
        cidr: "10.0.0.0/24",
        allocation_pool: [
          { start: "10.0.0.2", end: "10.0.0.9" },
          { start: "10.0.0.9", end: "10.0.0.20" },
        ],
      },
      /got 409 instead: .*Found overlapping allocation pools/,
    ],
    [
      "the network's own address for a gateway",
      { cidr: "10.0.0.0/24", gateway_ip: "10.0.0.0" },
      /got 400 instead: .*Gateway is not valid on subnet/,
    ],
    [
      "a part of another subnet of the network",
      { cidr: "172.16.5.0/24" },
      /got 400 instead: .*Requested subnet with cidr: 172\.16\.5\.0\/24 for network: .* overlaps with another subnet/,
    ],
    [
      "a network that is not there",
      { cidr: "10.0.0.0/24", network_id: UNKNOWN_ID },
      /got 404 instead: .*Network 11111111-.* could not be found\./,
    ],
  ])("refuses %s", async (_what, config, message) => {
    expect(await refusal(() => create(config))).toMatch(message);
    expect(cloud.store.count()[SUBNET]).toBe(1);
  });

  test("assigns two addresses of its pool to DHCP, which do not prevent its deletion", async () => {
    const ports = () => Object.values(cloud.store.all<{ deviceOwner: string }>(PORT));
    expect(ports().map(({ deviceOwner }) => deviceOwner)).toEqual(["network:dhcp", "network:dhcp"]);
    await cloud.delete(SUBNET, scenario.subnet);
    expect(ports()).toEqual([]);
    await cloud.delete(NETWORK, scenario.network);
    expect(cloud.store.count()[NETWORK]).toBeUndefined();
  });

  test("is retried while a port has an address of it when deleted, for ten minutes", async () => {
    const port = await scenario.port("172.16.4.4");
    expect(await refusal(() => cloud.delete(SUBNET, scenario.subnet))).toBe(
      `Error waiting for openstack_networking_subnet_v2 ${scenario.subnetId} to become deleted: timeout while waiting for state to become 'DELETED' (last state: 'ACTIVE', timeout: 10m0s)`,
    );
    let waits = 0;
    await cloud.delete(SUBNET, scenario.subnet, async () => {
      if (++waits === 3) await cloud.delete(PORT, port);
    });
    expect(waits).toBe(3);
  });

  test("waits as long as its timeouts say", async () => {
    await scenario.port("172.16.4.4");
    const state = { ...scenario.subnet, timeouts: { create: null, delete: "1m" } };
    expect(await refusal(() => cloud.delete(SUBNET, state))).toMatch(/timeout: 1m0s\)$/);
  });

  test("keeps its gateway's address while the router has it", async () => {
    await scenario.egressRoute();
    const config = { network_id: scenario.networkId, cidr: "172.16.4.0/22" };
    const update = () =>
      cloud.update(SUBNET, scenario.subnet, { ...config, gateway_ip: "172.16.4.2" });
    expect(await refusal(update)).toMatch(
      /^Error updating OpenStack Neutron openstack_networking_subnet_v2 .* but got 409 instead: .*Current gateway ip 172\.16\.4\.1 already in use by port/,
    );
  });
});

describe("router on OVHcloud", () => {
  test("has an address of each family on Ext-Net, and does SNAT", async () => {
    const router = await scenario.router({ name: "x" });
    expect(router).toMatchObject({ enable_snat: true, distributed: false });
    const addresses = (router.external_fixed_ip as { ip_address: string }[]).map(
      ({ ip_address }) => ip_address,
    );
    expect(addresses.filter((address) => address.includes(":"))).toHaveLength(1);
    expect(addresses.filter((address) => address.includes("."))).toHaveLength(1);
  });

  test.each([
    ["ipv4-first", false],
    ["ipv6-first", true],
  ] as const)("returns its addresses in the order %s", async (routerAddresses, isReversed) => {
    const there = await Scenario.in(new Cloud({ routerAddresses }));
    const { external_fixed_ip: ips } = await there.router();
    const [first] = ips as { ip_address: string }[];
    expect(first?.ip_address.includes(":")).toBe(isReversed);
  });

  test("returns its addresses in either order, and always in the same", async () => {
    const many = new Cloud({ quotas: { routers: 40 } });
    const there = await Scenario.in(many);
    const routers = await Promise.all(Array.from({ length: 40 }, () => there.router()));
    const first = (router: (typeof routers)[number]) =>
      (router.external_fixed_ip as { ip_address: string }[])[0]?.ip_address.includes(":");
    expect(new Set(routers.map(first))).toEqual(new Set([true, false]));
    for (const router of routers)
      expect((await many.read(ROUTER, router))?.external_fixed_ip).toEqual(
        router.external_fixed_ip,
      );
  });

  test.each<Config>([
    { enable_snat: true },
    { enable_snat: false },
    { distributed: true },
    { external_fixed_ip: [{ subnet_id: "s", ip_address: null }] },
  ])("refuses %j, which is reserved for the operator", async (config) => {
    expect(await refusal(() => scenario.router(config))).toMatch(
      /got 403 instead: .*disallowed by policy/,
    );
  });

  test("refuses an external network that is not external", async () => {
    const create = () => scenario.router({ external_network_id: scenario.networkId });
    expect(await refusal(create)).toMatch(/got 404 instead: .*Network .* could not be found/);
  });

  test("is not deleted while it is on a subnet, without a retry", async () => {
    const { router } = await scenario.egressRoute();
    expect(await refusal(() => cloud.delete(ROUTER, router))).toMatch(
      /^Error deleting openstack_networking_router_v2 .* but got 409 instead: .*still has ports/,
    );
  });

  test("refuses changes of what is reserved for the operator, too", async () => {
    const router = await scenario.router();
    const config = { external_network_id: text(router, "external_network_id") };
    const changes: Config[] = [
      { enable_snat: false },
      { external_fixed_ip: [{ subnet_id: "s", ip_address: "192.0.2.9" }] },
    ];
    for (const change of changes) {
      const update = () => cloud.update(ROUTER, router, { ...config, ...change });
      expect(await refusal(update)).toMatch(
        /^Error updating openstack_networking_router_v2: .*got 403 instead: .*disallowed/,
      );
    }
  });

  test("keeps its external gateway while a Floating IP needs it", async () => {
    const { router } = await scenario.egressRoute();
    await scenario.associate(
      await scenario.floatingIp(),
      text(await scenario.port("172.16.4.4"), "id"),
    );
    const config = { external_network_id: "" };
    const update = () => cloud.update(ROUTER, router, { ...config, external_network_id: "other" });
    expect(await refusal(update)).toMatch(
      /^Error updating openstack_networking_router_v2: .* got 409 instead: .*Gateway cannot be updated for router/,
    );
  });
});

describe("router interface on OVHcloud", () => {
  test("takes the gateway's address, and one of the pool for SNAT", async () => {
    const { router, interface: created } = await scenario.egressRoute();
    expect(created).toMatchObject({
      port_id: created.id,
      subnet_id: scenario.subnetId,
      router_id: router.id,
    });
    const ports = Object.values(
      cloud.store.all<{ deviceOwner: string; fixedIps: { address: string }[]; projectId: string }>(
        PORT,
      ),
    );
    expect(ports).toContainEqual(
      expect.objectContaining({
        deviceOwner: "network:router_interface_distributed",
        fixedIps: [{ subnet: scenario.subnetId, address: "172.16.4.1" }],
      }),
    );
    const snat = ports.find(({ deviceOwner }) => deviceOwner === "network:router_centralized_snat");
    expect(snat?.fixedIps[0]?.address).toMatch(/^172\.16\.7\./);
    expect(snat?.projectId).toBe("");
  });

  test("is refused when the gateway's address is in use", async () => {
    await scenario.port("172.16.4.1");
    expect(await refusal(() => scenario.egressRoute())).toMatch(
      /^Error creating openstack_networking_router_interface_v2: .*\[PUT .*\/add_router_interface\].*IP address 172\.16\.4\.1 already allocated in subnet/,
    );
  });

  test("is refused on a subnet without a gateway", async () => {
    const closed = await Scenario.in(cloud, { gateway_ip: null, no_gateway: true });
    expect(await refusal(() => closed.egressRoute())).toMatch(
      /got 400 instead: .*Bad router request: Subnet for router interface must have a gateway IP\./,
    );
  });

  test("accepts only a subnet", async () => {
    const router = await scenario.router();
    const config = { router_id: text(router, "id"), port_id: "p" };
    expect(await refusal(() => cloud.create(INTERFACE, config))).toMatch(/not to a port/);
  });

  test("is refused on a subnet that the router is on already", async () => {
    const { router } = await scenario.egressRoute();
    expect(await refusal(() => scenario.interface(router))).toMatch(
      /got 400 instead: .*Router already has a port on subnet/,
    );
  });

  test("leaves no port behind when the pool has no address for SNAT", async () => {
    const full = await Scenario.in(cloud, {
      allocation_pool: { start: "172.16.7.0", end: "172.16.7.1" },
    });
    const before = cloud.store.count()[PORT];
    expect(await refusal(() => full.egressRoute())).toMatch(/No more IP addresses available/);
    expect(cloud.store.count()[PORT]).toBe(before);
  });

  test("is not deleted while a Floating IP routes through it; the provider retries for ten minutes", async () => {
    const { interface: created } = await scenario.egressRoute();
    const port = await scenario.port("172.16.4.4");
    const ip = await scenario.floatingIp();
    const association = await scenario.associate(ip, text(port, "id"));
    expect(await refusal(() => cloud.delete(INTERFACE, created))).toBe(
      `Error waiting for openstack_networking_router_interface_v2 ${text(created, "id")} to Delete:  timeout while waiting for state to become 'DELETED' (last state: 'ACTIVE', timeout: 10m0s)`,
    );
    await cloud.delete("openstack_networking_floatingip_associate_v2", association);
    await cloud.delete(INTERFACE, created);
    expect(Object.keys(cloud.store.all(PORT))).toHaveLength(3);
  });
});
