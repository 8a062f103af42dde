import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Values } from "../../protocol/model";
import { Cloud, counted, refusal, removeFolders, text, type Config } from "./harness";
import {
  BALANCER,
  GROUP,
  LISTENER,
  MEMBER,
  MONITOR,
  POOL,
  PORT,
  SUBNET,
  Scenario,
} from "./scenario";

const UNKNOWN_ID = "11111111-1111-4111-8111-111111111111";

let cloud: Cloud;
let scenario: Scenario;

beforeEach(async () => {
  cloud = new Cloud();
  scenario = await Scenario.in(cloud);
});

afterAll(removeFolders);

interface StoredPort {
  readonly name: string;
  readonly deviceOwner: string;
  readonly projectId: string;
  readonly fixedIps: readonly { readonly address: string }[];
}

function ports(): StoredPort[] {
  return Object.values(cloud.store.all<StoredPort>(PORT));
}

/** The state of a load balancer in the store. */
function busy(balancer: Values, where = cloud): { readyAt: number } {
  const kept = where.store.get<{ readyAt: number }>(BALANCER, text(balancer, "id"));
  if (kept === undefined) throw new Error("there is no load balancer");
  return kept;
}

describe("load balancer on OVHcloud", () => {
  test("has a VIP port, two amphorae on addresses of the pool, and a group of Octavia's", async () => {
    const balancer = await scenario.balancer();
    expect(balancer).toMatchObject({
      vip_address: "172.16.4.3",
      vip_network_id: scenario.networkId,
      vip_subnet_id: scenario.subnetId,
      loadbalancer_provider: "amphora",
      flavor_id: "",
    });
    const vip = ports().find(({ deviceOwner }) => deviceOwner === "Octavia");
    expect(vip?.fixedIps[0]?.address).toBe("172.16.4.3");
    const amphorae = ports().filter(({ name }) => name.startsWith("octavia-lb-vrrp-"));
    expect(amphorae.map(({ deviceOwner }) => deviceOwner)).toEqual([
      "compute:nova",
      "compute:nova",
    ]);
    for (const { fixedIps, projectId } of amphorae) {
      expect(fixedIps[0]?.address).toMatch(/^172\.16\.7\./);
      expect(projectId).not.toBe(vip?.projectId);
    }
    const groups = Object.values(cloud.store.all<{ id: string; name: string }>(GROUP));
    expect(groups.map(({ name }) => name)).toEqual([`lb-${text(balancer, "id")}`]);
    expect(balancer.security_group_ids).toEqual(groups.map(({ id }) => id));
    expect(cloud.plan(BALANCER, scenario.balancerConfig(), balancer).isEmpty).toBe(true);
  });

  test("is deleted with its ports and its group", async () => {
    const before = cloud.store.count();
    const balancer = await scenario.balancer();
    await cloud.delete(BALANCER, balancer);
    expect(cloud.store.count()).toEqual(before);
  });

  test("prevents the deletion of its subnet", async () => {
    await scenario.balancer();
    expect(await refusal(() => cloud.delete(SUBNET, scenario.subnet))).toMatch(/timeout while/);
  });

  test("is refused with 500 when its VIP's address is in use, and leaves nothing behind", async () => {
    await scenario.port("172.16.4.3");
    const before = cloud.store.count();
    expect(await refusal(() => scenario.balancer())).toMatch(
      /^Error creating openstack_lb_loadbalancer_v2: Expected HTTP response code \[201 202\] when accessing \[POST https:\/\/load-balancer\..*\], but got 500 instead: \{"faultcode": "Server", "faultstring": "Provider 'amphora' reports error: IP address 172\.16\.4\.3 already allocated in subnet/,
    );
    expect(cloud.store.count()).toEqual(before);
  });

  test("whose VIP port was deleted elsewhere cannot be read, though it exists", async () => {
    const balancer = await scenario.balancer();
    const port = (await cloud.import(PORT, text(balancer, "vip_port_id"))) ?? {};
    await cloud.delete(PORT, port);
    expect(await refusal(() => cloud.read(BALANCER, balancer))).toMatch(
      /^Error getting port security groups for openstack_lb_loadbalancer_v2: .* but got 404 instead: .*PortNotFound/,
    );
  });

  test("ends in ERROR, with its id known, when the pool has no address for its amphorae", async () => {
    const full = await Scenario.in(cloud, {
      allocation_pool: { start: "172.16.7.0", end: "172.16.7.2" },
    });
    const error: unknown = await full.balancer().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      summary: expect.stringMatching(
        /^Error waiting for loadbalancer .* to become ACTIVE: unexpected state 'ERROR', wanted target 'ACTIVE'\. last error: %!s\(<nil>\)$/,
      ),
      state: { id: expect.stringMatching(/-/), vip_address: "172.16.4.3" },
    });
    const state = (error as { state: Values }).state;
    await cloud.delete(BALANCER, state);
    expect(cloud.store.count()[BALANCER]).toBeUndefined();
  });

  test("is not deleted while it has children, without a retry", async () => {
    const { balancer } = await scenario.service();
    const { waits, wait } = counted();
    const remove = () => cloud.delete(BALANCER, balancer, wait);
    expect(await refusal(remove)).toMatch(
      /^Error deleting openstack_lb_loadbalancer_v2 .* but got 400 instead: .*it has children/,
    );
    expect(waits.count).toBe(0);
  });

  test.each<[string, Config]>([
    ["vip_address", { vip_address: "172.16.4.2" }],
    ["flavor_id", { flavor_id: "other" }],
    ["availability_zone", { availability_zone: "other" }],
    ["loadbalancer_provider", { loadbalancer_provider: "other" }],
  ])("is replaced with another %s", async (name, config) => {
    const balancer = await scenario.balancer();
    const changed = cloud.plan(BALANCER, scenario.balancerConfig(config), balancer);
    expect(changed.replacedBy).toEqual([name]);
  });

  test("with other groups on its VIP port loses the one that holds allowed_cidrs", async () => {
    const group = await scenario.group("x");
    const balancer = await scenario.balancer({ security_group_ids: [text(group, "id")] });
    expect(balancer.security_group_ids).toEqual([group.id]);
  });

  test("refuses another provider than OVHcloud's, and a VIP port of the user's own", async () => {
    expect(await refusal(() => scenario.balancer({ loadbalancer_provider: "ovn" }))).toMatch(
      /got 400 instead: .*Provider 'ovn' is not enabled/,
    );
    expect(await refusal(() => scenario.balancer({ vip_port_id: "p" }))).toMatch(
      /makes a load balancer's VIP port itself/,
    );
  });

  test("refuses a flavor that does not exist, and more than the project's quota", async () => {
    expect(await refusal(() => scenario.balancer({ flavor_id: "small" }))).toMatch(
      /got 400 instead: .*Invalid flavor_id/,
    );
    const small = await Scenario.in(new Cloud({ quotas: { loadBalancers: 0 } }));
    expect(await refusal(() => small.balancer())).toMatch(
      /got 403 instead: .*"Quota has been met\."/,
    );
  });
});

describe("a load balancer on OVHcloud that is changing", () => {
  let balancer: Values;
  let there: Scenario;
  let slow: Cloud;

  beforeEach(async () => {
    slow = new Cloud({}, 1);
    there = await Scenario.in(slow);
    balancer = await there.balancer();
    busy(balancer, slow).readyAt = Date.now() + 3_600_000;
  });

  test("refuses every other change with 409, which the provider retries until it is ready", async () => {
    let waits = 0;
    const listener = await slow.create(LISTENER, there.listenerConfig(balancer), () => {
      if (++waits === 4) busy(balancer, slow).readyAt = 0;
      return Promise.resolve();
    });
    expect(waits).toBeGreaterThan(3);
    expect(listener.protocol_port).toBe(6443);
  });

  test("fails after ten minutes with the last refusal", async () => {
    expect(await refusal(() => slow.create(LISTENER, there.listenerConfig(balancer)))).toMatch(
      new RegExp(
        `^Error creating openstack_lb_listener_v2: .*got 409 instead: .*Load Balancer ${text(balancer, "id")} is immutable and cannot be updated\\.`,
      ),
    );
  });

  test("is not deleted either", async () => {
    expect(await refusal(() => slow.delete(BALANCER, balancer))).toMatch(
      /^Error deleting openstack_lb_loadbalancer_v2 .*immutable/,
    );
  });
});

describe("listener on OVHcloud", () => {
  let balancer: Values;

  beforeEach(async () => {
    balancer = await scenario.balancer();
  });

  const create = (config: Config = {}) =>
    cloud.create(LISTENER, scenario.listenerConfig(balancer, config));

  test("has Octavia's timeouts by default", async () => {
    const listener = await create({ timeout_client_data: 3600000 });
    expect(listener).toMatchObject({
      timeout_client_data: 3600000,
      timeout_member_data: 50000,
      timeout_member_connect: 5000,
      timeout_tcp_inspect: 0,
      connection_limit: -1,
      client_authentication: "NONE",
      default_pool_id: "",
    });
    const config = scenario.listenerConfig(balancer, { timeout_client_data: 3600000 });
    expect(cloud.plan(LISTENER, config, listener).isEmpty).toBe(true);
    const read = (await cloud.read(LISTENER, listener)) ?? {};
    expect(cloud.plan(LISTENER, config, read).isEmpty).toBe(true);
  });

  test("returns allowed_cidrs sorted as strings, so that any other order is a change in every plan", async () => {
    const sorted = ["172.16.4.0/22", "198.51.100.7/32", "203.0.113.7/32"];
    const written = [...sorted].reverse();
    const listener = await create({ allowed_cidrs: written });
    expect(listener.allowed_cidrs).toEqual(sorted);
    const isEmpty = (allowed_cidrs: string[]) =>
      cloud.plan(LISTENER, scenario.listenerConfig(balancer, { allowed_cidrs }), listener).isEmpty;
    expect(isEmpty(written)).toBe(false);
    expect(isEmpty(sorted)).toBe(true);
  });

  test("masks host bits and completes a bare address, which is a change in every plan", async () => {
    const listener = await create({ allowed_cidrs: ["172.16.4.1/22", "203.0.113.7"] });
    expect(listener.allowed_cidrs).toEqual(["172.16.4.0/22", "203.0.113.7/32"]);
  });

  test("refuses an IPv6 address beside a VIP of IPv4", async () => {
    expect(await refusal(() => create({ allowed_cidrs: ["2001:db8:1::5/32"] }))).toMatch(
      /^Error creating openstack_lb_listener_v2: .*got 400 instead: .*Validation failure: CIDR 2001:db8:1::5\/32 IP version incompatible with VIP 172\.16\.4\.3 IP version\./,
    );
  });

  test("refuses invalid allowed_cidrs", async () => {
    expect(await refusal(() => create({ allowed_cidrs: ["home"] }))).toMatch(
      /got 400 instead: .*Value should be IPv4 or IPv6 CIDR format/,
    );
  });

  test("refuses a port in use, after retries for ten minutes", async () => {
    await create();
    const { waits, wait } = counted();
    const again = () => cloud.create(LISTENER, scenario.listenerConfig(balancer), wait);
    expect(await refusal(again)).toMatch(
      /got 409 instead: .*Another Listener on this Load Balancer is already using protocol TCP and protocol_port 6443/,
    );
    expect(waits.count).toBeGreaterThan(100);
    await create({ protocol_port: 443 });
  });

  test("changes its allowed_cidrs in place, and is replaced with another port", async () => {
    const listener = await create({ allowed_cidrs: ["203.0.113.7/32"] });
    const config = scenario.listenerConfig(balancer, { allowed_cidrs: ["203.0.113.8/32"] });
    expect(cloud.plan(LISTENER, config, listener).replacedBy).toEqual([]);
    expect(await cloud.update(LISTENER, listener, config)).toMatchObject({
      allowed_cidrs: ["203.0.113.8/32"],
    });
    const moved = { ...config, protocol_port: 443 };
    expect(cloud.plan(LISTENER, moved, listener).replacedBy).toEqual(["protocol_port"]);
  });

  test("has its default pool from the next read on, which plans nothing", async () => {
    const { listener, pool } = await (await Scenario.in(cloud)).service();
    const read = (await cloud.read(LISTENER, listener)) ?? {};
    expect([listener.default_pool_id, read.default_pool_id]).toEqual(["", pool.id]);
    const config = {
      loadbalancer_id: text(read, "loadbalancer_id"),
      protocol: "TCP",
      protocol_port: 6443,
    };
    expect(cloud.plan(LISTENER, config, read).isEmpty).toBe(true);
  });
});

describe("pool, members and monitor on OVHcloud", () => {
  let pool: Values;
  let listener: Values;

  beforeEach(async () => {
    ({ pool, listener } = await scenario.service());
  });

  test("a listener has one default pool", async () => {
    const config = { listener_id: text(listener, "id"), protocol: "TCP", lb_method: "ROUND_ROBIN" };
    expect(await refusal(() => cloud.create(POOL, config))).toMatch(
      /^Error creating pool: .*got 409 instead: .*This listener already has a default pool/,
    );
  });

  test("a pool has one monitor", async () => {
    const config = {
      pool_id: text(pool, "id"),
      type: "TCP",
      delay: 5,
      timeout: 3,
      max_retries: 3,
    };
    expect(await refusal(() => cloud.create(MONITOR, config))).toMatch(
      /^Unable to create openstack_lb_monitor_v2: .*got 409 instead: .*This pool already has a health monitor/,
    );
  });

  test("a member's address and port are unique in its pool", async () => {
    const config = scenario.memberConfig(pool, "172.16.4.4");
    const member = await cloud.create(MEMBER, config);
    expect(member).toMatchObject({ weight: 1, backup: false });
    expect(cloud.plan(MEMBER, config, member).isEmpty).toBe(true);
    expect(await refusal(() => cloud.create(MEMBER, config))).toMatch(
      new RegExp(
        `^Error creating member: .*\\[POST .*/pools/${text(pool, "id")}/members\\], but got 409 instead: .*Another member on this pool is already using ip 172\\.16\\.4\\.4 on protocol_port 6443`,
      ),
    );
    await cloud.create(MEMBER, { ...config, protocol_port: 443 });
  });

  test("a member is replaced with another address, and changes its weight in place", async () => {
    const config = scenario.memberConfig(pool, "172.16.4.4");
    const member = await cloud.create(MEMBER, config);
    const planned = (change: Config) => cloud.plan(MEMBER, { ...config, ...change }, member);
    expect(planned({ address: "172.16.4.5" }).replacedBy).toEqual(["address"]);
    expect(planned({ weight: 5 }).replacedBy).toEqual([]);
    expect(await cloud.update(MEMBER, member, { ...config, weight: 5 })).toMatchObject({
      weight: 5,
    });
  });

  test("a monitor has Octavia's defaults where nothing is configured", async () => {
    const monitor = await cloud.import(MONITOR, Object.keys(cloud.store.all(MONITOR))[0] ?? "");
    expect(monitor).toMatchObject({ max_retries_down: 3, url_path: "", pool_id: pool.id });
  });

  test.each<[string, string, Config, RegExp]>([
    [
      "a listener's load balancer",
      LISTENER,
      { loadbalancer_id: UNKNOWN_ID, protocol: "TCP", protocol_port: 1 },
      /^Error: loadbalancer 1{8}-\S+ not found: Expected HTTP response code \[200\] when accessing \[GET .*\/loadbalancers\/1{8}-\S+\], but got 404 instead: .*Load Balancer .* not found\./,
    ],
    [
      "a pool's listener",
      POOL,
      { listener_id: UNKNOWN_ID, protocol: "TCP", lb_method: "ROUND_ROBIN" },
      /^Unable to get openstack_lb_listener_v2 1{8}-\S+: .*\[GET .*\/listeners\/.*got 404 instead: .*Listener .* not found\./,
    ],
    [
      "a member's pool",
      MEMBER,
      { pool_id: UNKNOWN_ID, address: "172.16.4.4", protocol_port: 1 },
      /^Unable to retrieve parent pool 1{8}-\S+: .*\[GET .*\/pools\/.*got 404 instead: .*Pool .* not found\./,
    ],
    [
      "a monitor's pool",
      MONITOR,
      { pool_id: UNKNOWN_ID, type: "TCP", delay: 5, timeout: 3, max_retries: 3 },
      /^Unable to retrieve parent openstack_lb_pool_v2 1{8}-\S+: .*got 404 instead/,
    ],
    [
      "a member's subnet",
      MEMBER,
      { subnet_id: UNKNOWN_ID, address: "172.16.4.4", protocol_port: 1 },
      /^Error creating member: .*got 400 instead: .*Subnet .* not found/,
    ],
    [
      "a load balancer's subnet",
      BALANCER,
      { vip_subnet_id: UNKNOWN_ID },
      /got 400 instead: .*Subnet .* not found/,
    ],
    [
      "a load balancer's network",
      BALANCER,
      { vip_network_id: UNKNOWN_ID },
      /got 400 instead: .*does not contain a subnet/,
    ],
    [
      "a listener's default pool",
      LISTENER,
      { default_pool_id: UNKNOWN_ID, protocol: "TCP", protocol_port: 1 },
      /got 404 instead: .*Pool .* not found/,
    ],
  ])("%s must exist", async (_what, type, config, message) => {
    const given = {
      ...(type === MEMBER && { pool_id: text(pool, "id") }),
      ...(type === LISTENER && { loadbalancer_id: text(listener, "loadbalancer_id") }),
      ...config,
    };
    expect(await refusal(() => cloud.create(type, given))).toMatch(message);
  });

  test.each<[string, Config, RegExp]>([
    [
      "a cookie without a name",
      { type: "APP_COOKIE" },
      /cookie_name needs to be set if using 'APP_COOKIE'/,
    ],
    [
      "a name without a cookie",
      { type: "SOURCE_IP", cookie_name: "c" },
      /cookie_name can only be set if using 'APP_COOKIE'/,
    ],
  ])("a pool refuses session persistence by %s", async (_what, persistence, message) => {
    const config = {
      loadbalancer_id: text(listener, "loadbalancer_id"),
      protocol: "TCP",
      lb_method: "ROUND_ROBIN",
      persistence,
    };
    expect(await refusal(() => cloud.create(POOL, config))).toMatch(message);
  });

  test("a pool's data source returns its monitor, and one of its members with only an id", async () => {
    for (const address of ["172.16.4.4", "172.16.4.5"])
      await cloud.create(MEMBER, scenario.memberConfig(pool, address));
    const found = cloud.data(POOL, { pool_id: text(pool, "id") });
    const [own] = Object.keys(cloud.store.all(MONITOR));
    expect(found.healthmonitor_id).toBe(own);
    expect(found.members).toMatchObject([{ address: "", name: "" }]);
  });

  test("members and monitor are deleted with their pool, and the listener drops it", async () => {
    await cloud.create(MEMBER, scenario.memberConfig(pool, "172.16.4.4"));
    await cloud.delete(POOL, pool);
    const count = cloud.store.count();
    expect([count[MEMBER], count[MONITOR], count[POOL]]).toEqual([undefined, undefined, undefined]);
    expect(await cloud.read(LISTENER, listener)).toMatchObject({ default_pool_id: "" });
  });
});
