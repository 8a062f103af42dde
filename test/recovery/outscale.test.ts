import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { LostResource } from "../../constructs/model/recovery";
import { recovery } from "../../providers/outscale/recovery";
import type { Values } from "../../simulator/protocol/model";
import {
  Cloud,
  refusal,
  removeFolders,
  text,
  type Config,
} from "../../simulator/test/outscale/harness";
import {
  balancerConfig,
  ruleConfig,
  Scenario,
  vmConfig,
} from "../../simulator/test/outscale/scenario";

let cloud: Cloud;
let scenario: Scenario;

beforeEach(async () => {
  cloud = new Cloud();
  scenario = await Scenario.in(cloud);
});

afterAll(removeFolders);

const tags = [
  { key: "Name", value: "demo" },
  { key: "cluster", value: "demo" },
];

/** A planned creation whose dependencies exist. */
const configurations: Readonly<Record<string, () => Promise<Config> | Config>> = {
  outscale_internet_service: () => ({ tags }),
  outscale_internet_service_link: async () => ({
    net_id: scenario.netId,
    internet_service_id: text(await cloud.create("outscale_internet_service", {}), "id"),
  }),
  outscale_load_balancer: async () => balancerConfig((await scenario.publicSubnet()).subnet),
  outscale_nat_service: async () => ({
    subnet_id: text((await scenario.publicSubnet()).subnet, "id"),
    public_ip_id: text(await scenario.ip(), "id"),
  }),
  outscale_net: () => ({ ip_range: "10.0.0.0/16", tags }),
  outscale_public_ip: () => ({ tags }),
  outscale_public_ip_link: async () => ({
    public_ip_id: text(await scenario.ip(), "id"),
    vm_id: text(await scenario.vm((await scenario.publicSubnet()).subnet), "id"),
  }),
  outscale_route: async () => ({
    route_table_id: text(
      await cloud.create("outscale_route_table", { net_id: scenario.netId }),
      "id",
    ),
    destination_ip_range: "0.0.0.0/0",
    gateway_id: text((await scenario.gateway()).service, "id"),
  }),
  outscale_route_table: () => ({ net_id: scenario.netId, tags }),
  outscale_route_table_link: async () => ({
    route_table_id: text(
      await cloud.create("outscale_route_table", { net_id: scenario.netId }),
      "id",
    ),
    subnet_id: text(await scenario.subnet(), "id"),
  }),
  outscale_security_group: () => ({
    net_id: scenario.netId,
    security_group_name: "demo-nodes",
    description: "Talos nodes",
  }),
  outscale_security_group_rule: async () => ruleConfig(await scenario.group("demo-nodes")),
  outscale_subnet: () => ({ net_id: scenario.netId, ip_range: "172.16.4.0/24", tags }),
  outscale_vm: async () => ({
    ...vmConfig(cloud, await scenario.subnet()),
    private_ips: ["172.16.4.32"],
  }),
};

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
    value: (name) => config[name],
  };
}

/** What a look-up finds. */
async function candidates(type: string, config: Config) {
  const lookUp = recovery[type]?.lookUp;
  if (typeof lookUp !== "object" || "ask" in lookUp) throw new Error(`${type} is not looked up`);
  const asked = lookUp.arguments(lost(config));
  if (asked === undefined) throw new Error(`too little is known of ${type}`);
  try {
    return lookUp.candidates(cloud.data(lookUp.source, asked as Config), lost(config));
  } catch (error) {
    const words = await refusal(() => {
      throw error;
    });
    if (lookUp.noneMessage?.test(words) === true) return [];
    throw error;
  }
}

async function found(type: string, config: Config): Promise<readonly string[]> {
  return (await candidates(type, config)).map(({ id }) => id);
}

const lookedUp = Object.entries(recovery).flatMap(([type, { lookUp }]) =>
  typeof lookUp === "object" && "source" in lookUp ? [type] : [],
);
const refused = Object.entries(recovery).flatMap(([type, { existsMessage: existsWords }]) =>
  existsWords === undefined ? [] : [type],
);

describe("on Outscale, what was being created", () => {
  test.each(lookedUp)("is not found while it does not exist: %s", async (type) => {
    expect(await found(type, await configured(type))).toEqual([]);
  });

  test.each(lookedUp)("is found by its configuration: %s", async (type) => {
    const config = await configured(type);
    const created = await cloud.create(type, config);
    expect(await found(type, config)).toEqual([created.id]);
  });

  test.each(["outscale_net", "outscale_public_ip"])(
    "may be an object that has no tags yet: %s",
    async (type) => {
      const config = await configured(type);
      const { id } = await cloud.create(type, { ...config, tags: [] });
      expect(await candidates(type, config)).toEqual([{ id, isUncertain: true }]);
    },
  );

  test("may be an internet service that its data source does not list yet: without tags", async () => {
    const { outscale_internet_service: row } = recovery;
    await cloud.create("outscale_internet_service", {});
    expect(await candidates("outscale_internet_service", { tags })).toEqual([]);
    expect(row?.lookUp).toMatchObject({ unlisted: expect.stringContaining("without tags") });
  });

  test("is no route table but the one without tags, while it has none itself", async () => {
    const config = await configured("outscale_route_table");
    await cloud.create("outscale_route_table", { ...config, tags: [{ key: "Name", value: "x" }] });
    const { id } = await cloud.create("outscale_route_table", { ...config, tags: [] });
    expect(await found("outscale_route_table", config)).toEqual([id]);
  });
});

describe("on Outscale, an object that only has the same name or place is not what was being created:", () => {
  test("a load balancer in another cluster's subnet", async () => {
    const config = await configured("outscale_load_balancer");
    await cloud.create("outscale_load_balancer", config);
    const other = { ...config, subnets: ["subnet-00000000"] };
    expect(await found("outscale_load_balancer", other)).toEqual([]);
  });

  test("a link of its subnet to another route table", async () => {
    const config = await configured("outscale_route_table_link");
    await cloud.create("outscale_route_table_link", config);
    const other = { ...config, route_table_id: "rtb-00000000" };
    expect(await found("outscale_route_table_link", other)).toEqual([]);
  });

  test("a link of its address to another machine", async () => {
    const config = await configured("outscale_public_ip_link");
    await cloud.create("outscale_public_ip_link", config);
    expect(await found("outscale_public_ip_link", { ...config, vm_id: "i-00000000" })).toEqual([]);
  });

  test("an address that is linked", async () => {
    const config = await configured("outscale_public_ip_link");
    await cloud.create("outscale_public_ip_link", config);
    expect(await found("outscale_public_ip", { tags })).toEqual([]);
  });

  test("a machine at another address of its subnet", async () => {
    const config = await configured("outscale_vm");
    await cloud.create("outscale_vm", { ...config, private_ips: ["172.16.4.33"] });
    expect(await found("outscale_vm", config)).toEqual([]);
  });

  test("the Net's own route table", async () => {
    expect(await found("outscale_route_table", { net_id: scenario.netId, tags })).toEqual([]);
  });
});

describe("on Outscale, a second creation is refused", () => {
  test.each(refused)("with a message that the first exists: %s", async (type) => {
    const config = await configured(type);
    await cloud.create(type, config);
    expect(await refusal(() => cloud.create(type, config))).toMatch(
      recovery[type]?.existsMessage ?? /^$/,
    );
  });

  // Of an independent emulator of the API, with the real provider.
  test.each([
    ["outscale_internet_service_link", "the Net vpc-1 already has igw-1 linked"],
    ["outscale_load_balancer", "a load balancer named x-api already exists"],
    ["outscale_nat_service", "the public IP eipalloc-1 is already held by nat-1"],
    ["outscale_public_ip_link", "the public IP eipalloc-1 is already linked to i-1"],
    ["outscale_route", "the destination 0.0.0.0/0 already has a route in rtb-1"],
    ["outscale_route_table_link", "the Subnet subnet-1 is already linked to rtb-1"],
    ["outscale_security_group", "the name x-api is already used by sg-1"],
    ["outscale_security_group_rule", "the rule already exists on sg-1"],
    ["outscale_subnet", "IpRange 172.16.4.0/24 overlaps the subnet on 172.16.4.0/24"],
  ])("with other messages, too: %s, %s", (type, details) => {
    expect(`[9029] ResourceConflict, ${details}`).toMatch(recovery[type]?.existsMessage ?? /^$/);
  });

  test("with one that means no existing object: a NAT service in a subnet that is not public yet", async () => {
    const config = {
      subnet_id: text(await scenario.subnet(), "id"),
      public_ip_id: text(await scenario.ip(), "id"),
      timeouts: { create: "1s" },
    };
    const words = await refusal(() => cloud.create("outscale_nat_service", config));
    expect(words).toContain("[9045]");
    expect(words).not.toMatch(recovery.outscale_nat_service?.existsMessage ?? /^/);
  });
});

const holders: readonly (readonly [string, () => Promise<Values>])[] = [
  ["outscale_net", () => scenario.subnet().then(() => scenario.net)],
  ["outscale_internet_service", () => scenario.gateway().then(({ service }) => service)],
  [
    "outscale_security_group",
    async () => {
      const group = await scenario.group("demo-nodes");
      await scenario.vm(await scenario.subnet(), { security_group_ids: [text(group, "id")] });
      return group;
    },
  ],
];

test.each(holders)(
  "on Outscale, a deletion that something prevents is refused with a temporary error: %s",
  async (type, held) => {
    const object = await held();
    expect(await refusal(() => cloud.delete(type, object))).toMatch(
      recovery[type]?.busyMessage ?? /^$/,
    );
  },
);

test("on Outscale, a link of a route table is imported by both ids", () => {
  const rule = recovery.outscale_route_table_link?.importId;
  if (typeof rule !== "function") throw new Error("it is not imported");
  expect(rule({ id: "rtbassoc-1", ...lost({ route_table_id: "rtb-1" }) })).toBe("rtb-1_rtbassoc-1");
});
