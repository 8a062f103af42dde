import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Values } from "../../protocol/model";
import { Cloud, refusal, removeFolders, text } from "./harness";
import * as types from "./scenario";
import { Scenario } from "./scenario";

let cloud: Cloud;
let scenario: Scenario;

beforeEach(async () => {
  cloud = new Cloud();
  scenario = await Scenario.in(cloud);
});

afterAll(removeFolders);

/** What an import finds, compared with the arguments the object was created with. */
async function imported(type: string, created: Values, id = text(created, "id")) {
  return { found: await cloud.import(type, id), created: created };
}

test("every kind of object on OVHcloud is imported by its own id", async () => {
  const { router, interface: joined } = await scenario.egressRoute();
  const group = await scenario.group("node");
  const rule = await scenario.rule(group, { protocol: "tcp" });
  const node = await scenario.node("172.16.4.4");
  const ip = await scenario.floatingIp();
  const { balancer, listener, pool, monitor } = await scenario.service();
  const created: [string, Values][] = [
    [types.NETWORK, scenario.network],
    [types.SUBNET, scenario.subnet],
    [types.ROUTER, router],
    [types.INTERFACE, joined],
    [types.GROUP, group],
    [types.RULE, rule],
    [types.FLOATING_IP, ip],
    [types.BALANCER, balancer],
    [types.LISTENER, listener],
    [types.POOL, pool],
    [types.MONITOR, monitor],
    [types.INSTANCE, node],
  ];
  for (const [type, object] of created) {
    const { found } = await imported(type, object);
    expect([type, found?.id]).toEqual([type, object.id]);
    expect(found?.region).toBe("GRA11");
  }
});

describe("the import id", () => {
  test("of a pool's member is the pool's and the member's", async () => {
    const { pool } = await scenario.service();
    const config = scenario.memberConfig(pool, "172.16.4.4");
    const member = await cloud.create(types.MEMBER, config);
    const found = await cloud.import(types.MEMBER, `${text(pool, "id")}/${text(member, "id")}`);
    expect(found).toMatchObject({ id: member.id, pool_id: pool.id, address: "172.16.4.4" });
    expect(found && cloud.plan(types.MEMBER, config, found).isEmpty).toBe(true);
    expect(await refusal(() => cloud.import(types.MEMBER, text(member, "id")))).toBe(
      "Invalid format specified for Member. Format must be <pool id>/<member id>",
    );
  });

  test("of an association is the Floating IP's", async () => {
    await scenario.egressRoute();
    const ip = await scenario.floatingIp();
    const port = await scenario.port("172.16.4.4");
    const association = await scenario.associate(ip, text(port, "id"));
    const found = await cloud.import(types.ASSOCIATE, text(ip, "id"));
    expect(found).toMatchObject({ floating_ip: ip.address, port_id: port.id });
    expect(found?.id).toBe(association.id);
  });
});

test("an imported listener, pool and monitor plan no change", async () => {
  const { balancer, listener, pool } = await scenario.service();
  const found = (await cloud.import(types.LISTENER, text(listener, "id"))) ?? {};
  const config = scenario.listenerConfig(balancer);
  expect(cloud.plan(types.LISTENER, config, found).isEmpty).toBe(true);
  const given = { listener_id: text(listener, "id"), protocol: "TCP", lb_method: "ROUND_ROBIN" };
  const known = (await cloud.import(types.POOL, text(pool, "id"))) ?? {};
  expect(cloud.plan(types.POOL, given, known).isEmpty).toBe(true);
});

test("an imported port is assigned its address and groups again, in place", async () => {
  const group = await scenario.group("node");
  const config = scenario.portConfig("172.16.4.4", { security_group_ids: [text(group, "id")] });
  const port = await cloud.create(types.PORT, config);
  const found = (await cloud.import(types.PORT, text(port, "id"))) ?? {};
  expect(cloud.plan(types.PORT, config, found)).toMatchObject({ isEmpty: false, replacedBy: [] });
  expect(await cloud.update(types.PORT, found, config)).toMatchObject({
    all_fixed_ips: ["172.16.4.4"],
  });
});

test("an imported server has no user data, and would be replaced for it", async () => {
  const port = await scenario.port("172.16.4.4");
  const config = scenario.nodeConfig(port, { metadata: { role: "worker" } });
  const node = await cloud.create(types.INSTANCE, config);
  const found = (await cloud.import(types.INSTANCE, text(node, "id"))) ?? {};
  expect(found).toMatchObject({ metadata: { role: "worker" } });
  expect(cloud.plan(types.INSTANCE, config, found).replacedBy).toContain("user_data");
});

test("an imported server does not have its port, and would be replaced for it", async () => {
  const port = await scenario.port("172.16.4.4");
  const config = scenario.nodeConfig(port);
  const node = await cloud.create(types.INSTANCE, config);
  const found = (await cloud.import(types.INSTANCE, text(node, "id"))) ?? {};
  const network = { name: "x", uuid: scenario.networkId, port: "", fixed_ip_v4: "172.16.4.4" };
  expect(found.network).toMatchObject([network]);
  expect(cloud.plan(types.INSTANCE, config, found).replacedBy).toContain("network.0.port");
  const known = { ...found, network: node.network, user_data: node.user_data, config_drive: true };
  expect(cloud.plan(types.INSTANCE, config, known as Values).replacedBy).toEqual([]);
});

test("a server that is still being built is waited for in place, and its network left alone", async () => {
  const port = await scenario.port("172.16.4.4");
  const config = scenario.nodeConfig(port, { user_data: null, config_drive: null });
  const node = await cloud.create(types.INSTANCE, config);
  const server = cloud.store.get<{ status: string }>(types.INSTANCE, text(node, "id"));
  Object.assign(server ?? {}, { status: "BUILD", readyAt: Number.MAX_SAFE_INTEGER });
  const found = (await cloud.import(types.INSTANCE, text(node, "id"))) ?? {};
  expect(found.power_state).toBe("build");
  const { replacedBy, planned } = cloud.plan(types.INSTANCE, config, found);
  expect([replacedBy, planned.power_state]).toEqual([[], "active"]);
  Object.assign(server ?? {}, { readyAt: 0 });
  expect(await cloud.update(types.INSTANCE, found, config)).toMatchObject({
    power_state: "active",
  });
});

test("an object that does not exist is not imported", async () => {
  const id = "11111111-1111-4111-8111-111111111111";
  expect(await cloud.import(types.PORT, id)).toBeNull();
  for (const readFirst of [types.INSTANCE, types.POOL]) {
    expect(await cloud.import(readFirst, id)).toBeUndefined();
  }
});
