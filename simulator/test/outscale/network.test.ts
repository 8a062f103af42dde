import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Refusal, UNKNOWN, type Values } from "../../protocol/model";
import { Cloud, refusal, removeFolders, text } from "./harness";
import { Scenario } from "./scenario";

const NET = "outscale_net";
const SUBNET = "outscale_subnet";
const SERVICE = "outscale_internet_service";
const SERVICE_LINK = "outscale_internet_service_link";
const TABLE = "outscale_route_table";
const ROUTE = "outscale_route";
const TABLE_LINK = "outscale_route_table_link";
const NAT = "outscale_nat_service";

let cloud: Cloud;
let scenario: Scenario;

beforeEach(async () => {
  cloud = new Cloud();
  scenario = await Scenario.in(cloud);
});

afterAll(removeFolders);

describe("Net", () => {
  test("shows what Outscale adds, under an id of its own kind", () => {
    expect(scenario.net).toMatchObject({
      id: expect.stringMatching(/^vpc-[0-9a-f]{8}$/),
      net_id: scenario.net.id,
      state: "available",
      tenancy: "default",
      dhcp_options_set_id: expect.stringMatching(/^dopt-[0-9a-f]{8}$/),
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test.each([
    [
      "host bits",
      "172.16.4.1/22",
      /^Invalid net ip_range value: 172\.16\.4\.1\/22\n.*172\.16\.4\.0\/22$/,
    ],
    ["no network", "x", /^Unable to validate Net ip_range\ninvalid CIDR address: x$/],
    ["a public range", "203.0.113.0/24", /^Unable to create Net\n\[9050\] ResourceConflict, /],
    ["a size above /16", "10.0.0.0/15", /\[4014\] InvalidParameterValue, .*between \/28 and \/16/],
    ["a size below /28", "10.0.0.0/29", /\[4014\]/],
  ])("is refused with %s", async (_what, ip_range, message) => {
    expect(await refusal(() => cloud.create(NET, { ip_range }))).toMatch(message);
  });

  test("is replaced by another range; an omitted tenancy is no change", () => {
    const changed = (config: Values) => cloud.plan(NET, config, scenario.net);
    expect(changed({ ip_range: "172.16.8.0/22" }).replacedBy).toEqual(["ip_range"]);
    expect(changed({ ip_range: "172.16.4.0/22" }).isEmpty).toBe(true);
    const dedicated = changed({ ip_range: "172.16.4.0/22", tenancy: "dedicated" });
    expect(dedicated.replacedBy).toEqual(["tenancy"]);
  });

  test("is not deleted while anything is in it, and leaves nothing behind", async () => {
    const before = new Cloud().store.count();
    const group = await scenario.group("x");
    expect(await refusal(() => cloud.delete(NET, scenario.net))).toBe(
      `Unable to delete Net\n[9029] ResourceConflict, The Net ${scenario.netId} still holds ${text(group, "id")}.`,
    );
    await cloud.delete("outscale_security_group", group);
    await cloud.delete(NET, scenario.net);
    expect(cloud.store.count()).toEqual(before);
  });

  test("is limited to five", async () => {
    for (const number of [1, 2, 3, 4]) await Scenario.in(cloud, `10.${number}.0.0/16`);
    expect(await refusal(() => Scenario.in(cloud, "10.9.0.0/16"))).toMatch(
      /\[10022\] TooManyResources \(QuotaExceded\), The limit of 5 Nets is reached/,
    );
  });
});

describe("subnet", () => {
  test("counts its free addresses without Outscale's five and those in use", async () => {
    const subnet = await scenario.subnet();
    expect(subnet).toMatchObject({
      available_ips_count: 251,
      subregion_name: "eu-west-2a",
      map_public_ip_on_launch: false,
      state: "available",
    });
    await scenario.vm(subnet);
    expect(await cloud.read(SUBNET, subnet)).toMatchObject({ available_ips_count: 250 });
  });

  test("is pending until it is available", async () => {
    const slow = new Cloud({}, 1000);
    const { netId } = await Scenario.in(slow);
    const seen: unknown[] = [];
    await slow.create(SUBNET, { net_id: netId, ip_range: "172.16.4.0/24" }, async () => {
      const [id = ""] = Object.keys(slow.store.all(SUBNET));
      seen.push((await slow.read(SUBNET, { id }))?.state);
    });
    expect(seen).toEqual(["pending"]);
  });

  test.each([
    ["outside the Net", "10.0.0.0/24", /\[4047\].*not in the Net's 172\.16\.4\.0\/22/],
    ["with host bits", "172.16.4.1/24", /\[4047\].*not a network in CIDR notation/],
    ["smaller than /29", "172.16.4.0/30", /\[4014\].*between \/16 and \/29/],
    ["over another one", "172.16.4.128/25", /\[9058\] ResourceConflict, .*overlaps subnet-/],
  ])("is refused %s", async (_what, range, message) => {
    await scenario.subnet();
    expect(await refusal(() => scenario.subnet(range))).toMatch(message);
  });

  test("is refused in a subregion that the account does not have", async () => {
    const inC = (place: Scenario) =>
      place.subnet("172.16.4.0/24", { subregion_name: "eu-west-2c" });
    expect(await refusal(() => inC(scenario))).toMatch(
      /\[5009\] InvalidResource, The subregion eu-west-2c does not exist\. There is eu-west-2a, eu-west-2b/,
    );
    const larger = await Scenario.in(new Cloud({ subregions: ["a", "b", "c"] }));
    expect((await inC(larger)).subregion_name).toBe("eu-west-2c");
  });

  test("is replaced by another subregion, but not by an omitted or unknown one", async () => {
    const config = { net_id: scenario.netId, ip_range: "172.16.4.0/24" };
    const subnet = await scenario.subnet();
    const replacedBy = (subregion_name: Values[string]) =>
      cloud.plan(SUBNET, { ...config, subregion_name }, subnet).replacedBy;
    expect(replacedBy("eu-west-2b")).toEqual(["subregion_name"]);
    expect(replacedBy(null)).toEqual([]);
    expect(replacedBy(UNKNOWN)).toEqual([]);
  });

  test("is not deleted while a machine is in it, but retried until its timeout", async () => {
    const subnet = await scenario.subnet();
    const vm = await scenario.vm(subnet);
    expect(await refusal(() => cloud.delete(SUBNET, subnet))).toMatch(
      /^Unable to delete Subnet\n\[9095\] ResourceConflict, The subnet subnet-\w+ is in use by i-\w+\.$/,
    );
    await cloud.delete("outscale_vm", vm);
    await cloud.delete(SUBNET, subnet);
    expect(await cloud.read(SUBNET, subnet)).toBeNull();
  });
});

describe("internet service", () => {
  test("has no Net and no state until it is linked, and cannot be deleted while it is", async () => {
    const { service, link } = await scenario.gateway();
    expect(service).toMatchObject({ net_id: "", state: "" });
    expect(link).toMatchObject({ id: service.id, state: "available", net_id: scenario.netId });
    expect(await cloud.read(SERVICE, service)).toMatchObject({ net_id: scenario.netId });
    expect(await refusal(() => cloud.delete(SERVICE, service))).toMatch(/is linked to vpc-/);
    await cloud.delete(SERVICE_LINK, link);
    await cloud.delete(SERVICE, service);
  });

  test("can be linked to one Net only, and a Net to one of them only", async () => {
    const { service } = await scenario.gateway();
    const link = (net: Scenario, id: string) =>
      cloud.create(SERVICE_LINK, { net_id: net.netId, internet_service_id: id });
    const other = await Scenario.in(cloud, "172.20.0.0/22");
    expect(await refusal(() => link(other, text(service, "id")))).toMatch(
      /^Unable to link Internet Service\n\[9029\].*is linked to vpc-/,
    );
    const second = await cloud.create(SERVICE, {});
    expect(await refusal(() => link(scenario, text(second, "id")))).toMatch(/has .* already/);
  });
});

describe("unlinking the internet service", () => {
  test("unlinks every public IP of the Net's machines itself (1004)", async () => {
    const { subnet, serviceLink } = await scenario.publicSubnet();
    const vm = await scenario.vm(subnet);
    const ip = await scenario.ip();
    const link = await cloud.create("outscale_public_ip_link", {
      public_ip_id: text(ip, "id"),
      vm_id: text(vm, "id"),
    });
    await cloud.delete(SERVICE_LINK, serviceLink);
    expect(await cloud.read("outscale_public_ip_link", link)).toBeNull();
    expect(await refusal(() => cloud.delete("outscale_public_ip_link", link))).toMatch(
      /^Unable to unlink Public IP\n\[5026\] InvalidResource/,
    );
  });

  test("does not wait for a load balancer once it has unlinked addresses (1005)", async () => {
    const { subnet, serviceLink } = await scenario.publicSubnet();
    await scenario.loadBalancer(subnet);
    const vm = await scenario.vm(subnet);
    const ip = await scenario.ip();
    await cloud.create("outscale_public_ip_link", {
      public_ip_id: text(ip, "id"),
      vm_id: text(vm, "id"),
    });
    expect(await refusal(() => cloud.delete(SERVICE_LINK, serviceLink))).toMatch(
      /^Unable to unlink Internet Service after unmapping Public IPs\n\[1005\] .*x-api/,
    );
  });

  test.each([
    ["a load balancer", 1005, (subnet: Values) => scenario.loadBalancer(subnet), "x-api"],
    ["a NAT service", 1018, (subnet: Values) => scenario.nat(subnet), "nat-"],
  ])("waits for %s to go, until its timeout (%s)", async (_what, code, create, name) => {
    const { subnet, serviceLink } = await scenario.publicSubnet();
    await create(subnet);
    expect(await refusal(() => cloud.delete(SERVICE_LINK, serviceLink))).toMatch(
      new RegExp(`^Unable to unlink Internet Service\\n\\[${code}\\] .*${name}`),
    );
  });

  test("is refused when it is not linked (1007)", async () => {
    const { link } = await scenario.gateway();
    await cloud.delete(SERVICE_LINK, link);
    expect(await refusal(() => cloud.delete(SERVICE_LINK, link))).toMatch(/\[1007\]/);
  });
});

describe("route", () => {
  let table: Values;

  beforeEach(async () => {
    table = await cloud.create(TABLE, { net_id: scenario.netId });
  });

  const route = (target: Values, destination = "0.0.0.0/0") =>
    cloud.create(ROUTE, {
      route_table_id: text(table, "id"),
      destination_ip_range: destination,
      ...target,
    });

  test("is in its table, which begins with the Net's own route", async () => {
    const { service } = await scenario.gateway();
    expect(await route({ gateway_id: text(service, "id") })).toMatchObject({
      id: `${text(table, "id")}_0.0.0.0/0`,
      state: "active",
      creation_method: "CreateRoute",
      nat_service_id: "",
      await_active_state: true,
    });
    expect((await cloud.read(TABLE, table))?.routes).toMatchObject([
      {
        destination_ip_range: "172.16.4.0/22",
        gateway_id: "local",
        creation_method: "CreateRouteTable",
      },
      { destination_ip_range: "0.0.0.0/0", gateway_id: service.id },
    ]);
  });

  test.each([
    ["no target", {}],
    ["two targets", { gateway_id: "igw-12345678", nat_service_id: UNKNOWN }],
  ])("with %s is refused at validation", (_what, target) => {
    const config = { route_table_id: "rtb-1", destination_ip_range: "0.0.0.0/0", ...target };
    expect(cloud.validate(ROUTE, config)).toMatchObject([
      {
        summary: "Attribute Configuration",
        detail:
          "Exactly one of [gateway_id nat_service_id net_peering_id nic_id vm_id] should be set.",
      },
    ]);
  });

  test("to a service that is not linked to the Net is a blackhole, and fails at once", async () => {
    const service = await cloud.create(SERVICE, {});
    const gateway = { gateway_id: text(service, "id") };
    expect(await refusal(() => route(gateway))).toBe(
      "Unable to wait for Route state\nfailed to reach target state: route is in 'blackhole' failing state",
    );
    expect(await route({ ...gateway, await_active_state: false }, "10.0.0.0/8")).toMatchObject({
      state: "blackhole",
    });
  });

  test.each([
    ["gateway_id", "igw-12345678", /\[5001\].*internet service igw-12345678 does not exist/],
    ["nat_service_id", "nat-12345678", /\[5032\]/],
    ["vm_id", "i-12345678", /\[5063\]/],
  ])("to a %s that does not exist is refused", async (name, id, message) => {
    expect(await refusal(() => route({ [name]: id }))).toMatch(message);
  });

  test("to an invalid network is refused", async () => {
    const { service } = await scenario.gateway();
    expect(await refusal(() => route({ gateway_id: text(service, "id") }, "x"))).toMatch(
      /^Unable to create Route\n\[4047\]/,
    );
  });

  test("is refused when it exists already, and its deletion when it is gone", async () => {
    const { service } = await scenario.gateway();
    const created = await route({ gateway_id: text(service, "id") });
    expect(await refusal(() => route({ gateway_id: text(service, "id") }))).toMatch(
      /\[9029\].*has a route to 0\.0\.0\.0\/0 already/,
    );
    await cloud.delete(ROUTE, created);
    expect(await cloud.read(ROUTE, created)).toBeNull();
    expect(await refusal(() => cloud.delete(ROUTE, created))).toMatch(
      /^Unable to delete Route\n\[5001\]/,
    );
  });

  test("to a NAT service that was deleted stays, as a blackhole", async () => {
    const { subnet } = await scenario.publicSubnet();
    const { nat } = await scenario.nat(subnet);
    const created = await route({ nat_service_id: text(nat, "id") });
    await cloud.delete(NAT, nat);
    expect(await cloud.read(ROUTE, created)).toMatchObject({ state: "blackhole" });
  });

  test("changes its target in place", async () => {
    const { subnet, service } = await scenario.publicSubnet();
    const { nat } = await scenario.nat(subnet);
    const created = await route({ nat_service_id: text(nat, "id") });
    const config = {
      route_table_id: text(table, "id"),
      destination_ip_range: "0.0.0.0/0",
      gateway_id: text(service, "id"),
    };
    expect(cloud.plan(ROUTE, config, created).replacedBy).toEqual([]);
    expect(await cloud.update(ROUTE, created, config)).toMatchObject({
      gateway_id: service.id,
      nat_service_id: "",
    });
  });
});

describe("route table link", () => {
  test("has an empty Net, as the API answers", async () => {
    const { link } = await scenario.publicSubnet();
    expect(link).toMatchObject({
      id: expect.stringMatching(/^rtbassoc-[0-9a-f]{8}$/),
      net_id: "",
      main: false,
    });
  });

  test("is refused across Nets, and for a subnet that has one", async () => {
    const { subnet, table } = await scenario.publicSubnet();
    const other = await Scenario.in(cloud, "172.20.0.0/22");
    const link = (tableId: string) =>
      cloud.create(TABLE_LINK, { route_table_id: tableId, subnet_id: text(subnet, "id") });
    expect(await refusal(() => link(text(table, "id")))).toMatch(/\[9029\].*is linked to rtb-/);
    const foreign = await cloud.create(TABLE, { net_id: other.netId });
    expect(await refusal(() => link(text(foreign, "id")))).toMatch(/\[4045\].*not in the same Net/);
  });

  test("keeps its table from being deleted", async () => {
    const { table, link } = await scenario.publicSubnet();
    expect(await refusal(() => cloud.delete(TABLE, table))).toMatch(/is linked to subnet-/);
    await cloud.delete(TABLE_LINK, link);
    await cloud.delete(TABLE, table);
  });

  test("that was deleted elsewhere has empty strings instead of being noticed as gone", async () => {
    const { link } = await scenario.publicSubnet();
    await cloud.delete(TABLE_LINK, link);
    expect(await cloud.read(TABLE_LINK, link)).toMatchObject({
      id: "",
      route_table_id: "",
      subnet_id: "",
    });
    expect(await refusal(() => cloud.delete(TABLE_LINK, link))).toMatch(/\[5047\]/);
  });
});

describe("NAT service", () => {
  test("returns its public IP, subnet and Net", async () => {
    const { subnet } = await scenario.publicSubnet();
    const { nat, ip } = await scenario.nat(subnet);
    expect(nat).toMatchObject({
      id: expect.stringMatching(/^nat-[0-9a-f]{8}$/),
      net_id: scenario.netId,
      state: "available",
      public_ips: [{ public_ip: ip.public_ip, public_ip_id: ip.id }],
    });
  });

  test("is retried until its subnet is public, and fails with 9045 at its timeout", async () => {
    const subnet = await scenario.subnet();
    expect(await refusal(() => scenario.nat(subnet))).toMatch(
      /^Unable to create NAT Service\n\[9045\] ResourceConflict, .*no route to an internet service/,
    );
  });

  test("is created when its subnet becomes public during the retries", async () => {
    const { service } = await scenario.gateway();
    const subnet = await scenario.subnet();
    const ip = await scenario.ip();
    let waits = 0;
    const nat = await cloud.create(
      NAT,
      { subnet_id: text(subnet, "id"), public_ip_id: text(ip, "id") },
      async () => {
        waits += 1;
        if (waits === 3) await scenario.defaultRoute(subnet, { gateway_id: text(service, "id") });
      },
    );
    expect(nat.state).toBe("available");
    expect(waits).toBeGreaterThanOrEqual(3);
  });

  test("is refused a public IP that is in use, and keeps its own from being released", async () => {
    const { subnet } = await scenario.publicSubnet();
    const { ip, nat } = await scenario.nat(subnet);
    const again = { subnet_id: text(subnet, "id"), public_ip_id: text(ip, "id") };
    expect(await refusal(() => cloud.create(NAT, again))).toMatch(/\[9029\].*in use by nat-/);
    expect(await refusal(() => cloud.delete("outscale_public_ip", ip))).toMatch(
      /^Unable to delete Public IP\n\[9031\] ResourceConflict, .*in use by nat-/,
    );
    await cloud.delete(NAT, nat);
    await cloud.delete("outscale_public_ip", ip);
  });
});

test("a started deletion completes even if tofu is stopped while it waits", async () => {
  const { subnet } = await scenario.publicSubnet();
  const stop = () => Promise.reject(new Refusal("context canceled"));
  const created: [string, Values][] = [
    [NAT, (await scenario.nat(subnet)).nat],
    ["outscale_load_balancer", await scenario.loadBalancer(subnet)],
    ["outscale_vm", await scenario.vm(subnet)],
  ];
  for (const [type, state] of created) {
    expect(await refusal(() => cloud.delete(type, state, stop))).toBe("context canceled");
    expect(await cloud.read(type, state)).toBeNull();
  }
});

test("an update of an object that was deleted since its last read fails", async () => {
  await cloud.delete(NET, scenario.net);
  const config = { ip_range: "172.16.4.0/22", tags: [{ key: "a", value: "b" }] };
  expect(await refusal(() => cloud.update(NET, scenario.net, config))).toBe(
    "Unable to update Net\nempty",
  );
});

test("a duplicate tag is refused at validation, as the provider does", () => {
  const tags = [
    { key: "a", value: "1" },
    { key: "a", value: "2" },
  ];
  expect(cloud.validate(NET, { ip_range: "10.0.0.0/16", tags })).toMatchObject([
    {
      summary: "Duplicate Tag key",
      detail: "Tag keys must be unique. The following keys are duplicates: [a]",
    },
  ]);
});

test("tags are a call of their own: when it fails, the object exists, and its id is in the state", async () => {
  const failing = new Cloud({ failingTags: [NET] });
  const tags = [{ key: "Name", value: "x" }];
  const create = () => failing.create(NET, { ip_range: "172.16.4.0/22", tags });
  const error: unknown = await create().catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    summary: "Unable to create tags",
    detail: expect.stringMatching(/^\[2000\] InternalError/),
    state: { id: expect.stringMatching(/^vpc-/), tags: [] },
  });
  expect((await create()).tags).toEqual(tags);
});

test("an import finds existing objects by the ids that the provider expects", async () => {
  const { subnet, service, table, link } = await scenario.publicSubnet();
  const found = async (type: string, id: string) => (await cloud.import(type, id))?.id;
  const routeId = `${text(table, "id")}_0.0.0.0/0`;
  const linkId = `${text(table, "id")}_${text(link, "id")}`;
  expect(await found(NET, scenario.netId)).toBe(scenario.netId);
  expect(await found(SUBNET, text(subnet, "id"))).toBe(subnet.id);
  expect(await found(SERVICE_LINK, text(service, "id"))).toBe(service.id);
  expect(await found(ROUTE, routeId)).toBe(routeId);
  expect(await found(TABLE_LINK, linkId)).toBe(link.id);
  expect(await cloud.import(NET, "vpc-12345678")).toBeNull();
  expect(await refusal(() => cloud.import(ROUTE, "rtb-12345678"))).toMatch(
    /^Unexpected Import Identifier\nExpected import Route identifier in the format/,
  );
  expect(await refusal(() => cloud.import(TABLE_LINK, "rtb-12345678"))).toMatch(
    /^Unexpected Import Identifier\nExpected import Route Table Link identifier in the format/,
  );
});
