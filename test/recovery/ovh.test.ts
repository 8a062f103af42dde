import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { LostResource } from "../../constructs/model/recovery";
import { recovery } from "../../providers/ovh/recovery";
import type { Values } from "../../simulator/protocol/model";
import { Cloud, refusal, removeFolders, text, type Config } from "../../simulator/test/ovh/harness";
import * as types from "../../simulator/test/ovh/scenario";
import { Scenario } from "../../simulator/test/ovh/scenario";

let cloud: Cloud;
let scenario: Scenario;

beforeEach(async () => {
  cloud = new Cloud();
  scenario = await Scenario.in(cloud);
});

afterAll(removeFolders);

/** A planned creation whose dependencies exist. */
const configurations: Readonly<Record<string, () => Promise<Config> | Config>> = {
  [types.NETWORK]: () => ({ name: "demo", mtu: 1500 }),
  [types.SUBNET]: async () => ({
    name: "demo",
    network_id: text(await cloud.create(types.NETWORK, { name: "demo" }), "id"),
    cidr: "172.16.4.0/22",
    gateway_ip: "172.16.4.1",
  }),
  [types.ROUTER]: () => ({
    name: "demo",
    description: "on network a",
    external_network_id: externalNetwork(),
  }),
  [types.INTERFACE]: async () => ({
    router_id: text(await scenario.router(), "id"),
    subnet_id: scenario.subnetId,
  }),
  [types.PORT]: () => scenario.portConfig("172.16.4.4", { name: "demo-worker-0" }),
  [types.FLOATING_IP]: () => ({ pool: "Ext-Net", description: "demo api" }),
  [types.GROUP]: () => ({ name: "demo-nodes", description: "on network a" }),
  [types.RULE]: async () => ({
    security_group_id: text(await scenario.group("demo-nodes"), "id"),
    direction: "ingress",
    ethertype: "IPv4",
  }),
  [types.BALANCER]: () => scenario.balancerConfig({ name: "demo-api" }),
  [types.LISTENER]: async () =>
    scenario.listenerConfig(await scenario.balancer(), { name: "demo-api" }),
  [types.POOL]: async () => poolConfig(await listener()),
  [types.MONITOR]: async () => ({ pool_id: text(await pool(), "id"), ...monitor }),
  [types.MEMBER]: async () => scenario.memberConfig(await pool(), "172.16.4.4"),
  [types.SERVER_GROUP]: () => ({ name: "demo-workers", policies: ["soft-anti-affinity"] }),
  [types.INSTANCE]: async () => scenario.nodeConfig(await scenario.port("172.16.4.4")),
};

const monitor = { type: "TCP", delay: 5, timeout: 3, max_retries: 3 };

function externalNetwork(): string {
  return text(cloud.data(types.NETWORK, { name: "Ext-Net", external: true }), "id");
}

async function listener(): Promise<Values> {
  return cloud.create(types.LISTENER, scenario.listenerConfig(await scenario.balancer()));
}

function poolConfig(of: Values): Config {
  const common = { name: "demo-api", protocol: "TCP", lb_method: "ROUND_ROBIN" };
  return { listener_id: text(of, "id"), ...common };
}

async function pool(): Promise<Values> {
  return cloud.create(types.POOL, poolConfig(await listener()));
}

function configured(type: string): Promise<Config> {
  const configuration = configurations[type];
  if (configuration === undefined) throw new Error(`no configuration of ${type}`);
  return Promise.resolve(configuration());
}

function lost(config: Config): LostResource {
  return {
    attribute: (name) => {
      const value = config[name];
      return typeof value === "string" ? value : undefined;
    },
    value: (name) => {
      const value = config[name];
      // A block in tofu's form.
      return typeof value === "object" && !Array.isArray(value) ? [value] : value;
    },
  };
}

/** Ids of what a look-up finds. */
async function found(type: string, config: Config): Promise<readonly string[]> {
  const lookUp = recovery[type]?.lookUp;
  if (typeof lookUp !== "object" || "ask" in lookUp) throw new Error(`${type} is not looked up`);
  const asked = lookUp.arguments(lost(config));
  if (asked === undefined) throw new Error(`too little is known of ${type}`);
  try {
    const importId = lookUp.imported?.(lost(config));
    const read =
      importId === undefined
        ? cloud.data(lookUp.source, asked as Config)
        : ((await cloud.import(lookUp.source, importId)) ?? {});
    return lookUp.candidates(read, lost(config)).map(({ id }) => id);
  } catch (error) {
    const words = await refusal(() => {
      throw error;
    });
    if (lookUp.noneMessage?.test(words) === true) return [];
    throw error;
  }
}

const lookedUp = Object.entries(recovery).flatMap(([type, { lookUp }]) =>
  typeof lookUp === "object" && "source" in lookUp ? [type] : [],
);
const refused = Object.entries(recovery).flatMap(([type, { existsMessage: existsWords }]) =>
  existsWords === undefined ? [] : [type],
);

describe("on OVHcloud, what was being created", () => {
  test.each(lookedUp)("is not found while it does not exist: %s", async (type) => {
    expect(await found(type, await configured(type))).toEqual([]);
  });

  test.each(lookedUp)("is found by its configuration: %s", async (type) => {
    const config = await configured(type);
    const created = await cloud.create(type, config);
    expect(await found(type, config)).toEqual([created.id]);
  });

  test("is found among the members of its pool", async () => {
    const config = await configured(types.MEMBER);
    const others = ["172.16.4.5", "172.16.4.6"];
    for (const address of others) await cloud.create(types.MEMBER, { ...config, address });
    expect(await found(types.MEMBER, config)).toEqual([]);
    const created = await cloud.create(types.MEMBER, config);
    expect(await found(types.MEMBER, config)).toEqual([created.id]);
  });

  test("is found among others of its kind", async () => {
    await scenario.egressRoute();
    await scenario.port("172.16.4.9", { name: "demo-worker-1" });
    await scenario.node("172.16.4.10");
    for (const type of [types.PORT, types.INSTANCE]) {
      const config = await configured(type);
      const created = await cloud.create(type, config);
      expect([type, await found(type, config)]).toEqual([type, [created.id]]);
      await cloud.delete(type, created);
      await cloud.delete(types.PORT, { id: (config.network as Values | undefined)?.port ?? null });
    }
  });
});

describe("on OVHcloud, another cluster's object of the same name is not what was being created:", () => {
  test("a network that has a subnet", async () => {
    expect(await found(types.NETWORK, { name: "x", mtu: 1500 })).toEqual([]);
  });

  test.each([types.ROUTER, types.GROUP])("one for another network: %s", async (type) => {
    const config = await configured(type);
    await cloud.create(type, { ...config, description: "on network b" });
    expect(await found(type, config)).toEqual([]);
  });

  test("an address that is associated", async () => {
    await scenario.egressRoute();
    const config = await configured(types.FLOATING_IP);
    const ip = await cloud.create(types.FLOATING_IP, config);
    await scenario.associate(ip, text(await scenario.port("172.16.4.4"), "id"));
    expect(await found(types.FLOATING_IP, config)).toEqual([]);
  });

  test("a server group that has members", async () => {
    const config = await configured(types.SERVER_GROUP);
    const group = await cloud.create(types.SERVER_GROUP, config);
    await scenario.node("172.16.4.4", { scheduler_hints: { group: text(group, "id") } });
    expect(await found(types.SERVER_GROUP, config)).toEqual([]);
  });

  test("a load balancer on another network", async () => {
    await scenario.balancer({ name: "demo-api" });
    const other = await Scenario.in(cloud);
    expect(await found(types.BALANCER, other.balancerConfig({ name: "demo-api" }))).toEqual([]);
  });

  test("a pool of another listener", async () => {
    await pool();
    expect(await found(types.POOL, poolConfig({ id: "another" }))).toEqual([]);
  });
});

describe("on OVHcloud, a second creation is refused", () => {
  test.each(refused)("with a message that the first exists: %s", async (type) => {
    const config = await configured(type);
    await cloud.create(type, config);
    expect(await refusal(() => cloud.create(type, config))).toMatch(
      recovery[type]?.existsMessage ?? /^$/,
    );
  });

  test("with the id of the first, where it is a rule", async () => {
    const config = await configured(types.RULE);
    const created = await cloud.create(types.RULE, config);
    const words = await refusal(() => cloud.create(types.RULE, config));
    expect(recovery[types.RULE]?.existsMessage?.exec(words)?.groups?.id).toBe(created.id);
  });
});

test("on OVHcloud, an association is created a second time without a change", async () => {
  await scenario.egressRoute();
  const ip = await scenario.floatingIp();
  const port = text(await scenario.port("172.16.4.4"), "id");
  const created = await scenario.associate(ip, port);
  expect(recovery[types.ASSOCIATE]?.lookUp).toBe("create");
  expect(await scenario.associate(ip, port)).toEqual(created);
});

test.each([
  [types.NETWORK, () => scenario.port("172.16.4.4").then(() => scenario.network)],
  [types.ROUTER, () => scenario.egressRoute().then(({ router }) => router)],
])(
  "on OVHcloud, a deletion is refused with a temporary error while ports are left: %s",
  async (type, created) => {
    const object = await created();
    expect(await refusal(() => cloud.delete(type, object))).toMatch(
      recovery[type]?.busyMessage ?? /^$/,
    );
  },
);

test.each([
  [types.INSTANCE, "server", "server"],
  [types.MEMBER, "member", "pool/member"],
  [types.INTERFACE, "port", "port"],
])("on OVHcloud, tofu gets the right id to import: %s", (type, id, expected) => {
  const rule = recovery[type]?.importId ?? (({ id: own }: LostResource) => own);
  if (typeof rule !== "function") throw new Error("it is not imported");
  expect(rule({ id, ...lost({ pool_id: "pool" }) })).toBe(expected);
});
