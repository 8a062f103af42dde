import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { UNKNOWN, type Values } from "../../protocol/model";
import { createOutscale, type OutscaleOptions } from "../../clouds/outscale";
import { Cloud, refusal, removeFolders, text, type Config } from "./harness";
import { balancerConfig, Scenario } from "./scenario";

const BALANCER = "outscale_load_balancer";
const ATTRIBUTES = "outscale_load_balancer_attributes";
const BACKENDS = "outscale_load_balancer_vms";

const HEALTH_CHECK = {
  protocol: "TCP",
  port: 6443,
  check_interval: 10,
  timeout: 5,
  healthy_threshold: 2,
  unhealthy_threshold: 3,
};

let cloud: Cloud;
let scenario: Scenario;
let subnet: Values;

async function start(options: OutscaleOptions = {}, timeScale = 0): Promise<void> {
  cloud = new Cloud(options, timeScale);
  scenario = await Scenario.in(cloud);
  ({ subnet } = await scenario.publicSubnet());
}

beforeEach(() => start());

afterAll(removeFolders);

/** What clients of the load balancers see. */
function views() {
  return createOutscale({ store: cloud.store, clock: cloud.clock }).cloud.loadBalancers();
}

async function backends(balancer: Values, vms: readonly Values[]): Promise<Values> {
  return cloud.create(BACKENDS, {
    load_balancer_name: text(balancer, "load_balancer_name"),
    backend_vm_ids: vms.map((vm) => text(vm, "id")),
  });
}

describe("load balancer", () => {
  test("has its name as id, and five minutes of health checks by default", async () => {
    expect(await scenario.loadBalancer(subnet)).toMatchObject({
      id: "x-api",
      load_balancer_type: "internet-facing",
      state: "active",
      net_id: scenario.netId,
      subregion_names: ["eu-west-2a"],
      dns_name: expect.stringMatching(/^x-api-\d+\.eu-west-2\.lbu\.outscale\.com$/),
      health_check: [
        {
          protocol: "TCP",
          port: 6443,
          check_interval: 30,
          timeout: 5,
          healthy_threshold: 10,
          unhealthy_threshold: 2,
          path: "",
        },
      ],
      access_log: [{ is_enabled: false, publication_interval: 60 }],
      listeners: [{ policy_names: [], server_certificate_id: "" }],
      backend_vm_ids: [],
    });
  });

  test("without groups has the Net's default one, without a public IP one of Outscale's", async () => {
    const balancer = await scenario.loadBalancer(subnet);
    expect(balancer.source_security_group).toMatchObject([{ security_group_name: "default" }]);
    expect(balancer.public_ip).toMatch(/^(192\.0\.2|198\.51\.100)\./);
  });

  test.each([
    ["longer than 32 characters", "x".repeat(33), /\[4106\].*at most 32/],
    ["with a dash at its end", "x-", /\[4036\]/],
    ["with an underscore", "x_api", /\[4036\]/],
  ])("is refused a name %s", async (_what, load_balancer_name, message) => {
    expect(await refusal(() => scenario.loadBalancer(subnet, { load_balancer_name }))).toMatch(
      message,
    );
  });

  test("is refused the name of an existing one", async () => {
    await scenario.loadBalancer(subnet);
    expect(await refusal(() => scenario.loadBalancer(subnet))).toMatch(
      /^Unable to create Load Balancer\n\[9013\] ResourceConflict, .*x-api already exists/,
    );
  });

  test("is refused two subnets, and one that is not public", async () => {
    const inner = await scenario.subnet();
    const subnets = [text(subnet, "id"), text(inner, "id")];
    expect(await refusal(() => scenario.loadBalancer(subnet, { subnets }))).toMatch(
      /\[8010\] OperationNotSupported, .*one subnet only/,
    );
    expect(await refusal(() => scenario.loadBalancer(inner))).toMatch(
      /\[1003\] .*no route to an internet service/,
    );
    const internal = await scenario.loadBalancer(inner, { load_balancer_type: "internal" });
    expect(internal.public_ip).toBe("");
  });

  test.each<[string, Config, RegExp]>([
    ["another type", { load_balancer_type: "public" }, /\[4047\].*LoadBalancerType/],
    ["no subnet", { subnets: null }, /\[3002\].*needs a subnet/],
    [
      "a place in the public Cloud",
      { subnets: null, subregion_names: ["eu-west-2a"] },
      /\[8010\].*no public Cloud/,
    ],
    ["no listener", { listeners: [] }, /\[4095\].*needs a listener/],
    [
      "an internal one's public IP",
      { load_balancer_type: "internal", public_ip: "192.0.2.1" },
      /\[3002\].*has no public IP/,
    ],
  ])("is refused %s", async (_what, config, message) => {
    expect(await refusal(() => scenario.loadBalancer(subnet, config))).toMatch(message);
  });

  test.each<[string, Config, RegExp]>([
    ["a port", { load_balancer_port: 0 }, /\[4037\]/],
    ["a backend's port", { backend_port: 65_536 }, /\[4037\]/],
    ["a protocol", { backend_protocol: "FTP" }, /\[4095\]/],
  ])("is refused a listener with %s that does not exist", async (_what, config, message) => {
    const listeners = { ...(balancerConfig(subnet).listeners as Config), ...config };
    expect(await refusal(() => scenario.loadBalancer(subnet, { listeners }))).toMatch(message);
  });

  test("takes the account's own public IP, which no other object can use then", async () => {
    const ip = await scenario.ip();
    const wanted = { public_ip: text(ip, "public_ip") };
    expect((await scenario.loadBalancer(subnet, wanted)).public_ip).toBe(ip.public_ip);
    const other = { ...wanted, load_balancer_name: "other" };
    expect(await refusal(() => scenario.loadBalancer(subnet, other))).toMatch(
      /\[9031\] ResourceConflict, .*in use by x-api/,
    );
    expect(await refusal(() => cloud.delete("outscale_public_ip", ip))).toMatch(/\[9031\]/);
    const foreign = { public_ip: "203.0.113.1", load_balancer_name: "other" };
    expect(await refusal(() => scenario.loadBalancer(subnet, foreign))).toMatch(/\[5025\]/);
  });

  test("conflicts with subregion names at validation", () => {
    expect(
      cloud.validate(BALANCER, { subnets: UNKNOWN, subregion_names: ["eu-west-2a"] }),
    ).toMatchObject([
      { detail: "These attributes cannot be configured together: [subnets,subregion_names]" },
    ]);
  });

  test("has an unknown DNS name in the plan of any update, and keeps its subnets", async () => {
    const balancer = await scenario.loadBalancer(subnet);
    const config = { ...balancerConfig(subnet), tags: [{ key: "a", value: "b" }] };
    const { planned, replacedBy } = cloud.plan(BALANCER, config, balancer);
    expect(planned).toMatchObject({ dns_name: UNKNOWN, public_ip: UNKNOWN, id: "x-api" });
    expect(planned.subregion_names).toEqual(["eu-west-2a"]);
    expect(replacedBy).toEqual([]);
  });

  test("changes its public IP and groups in place, its type by replacement", async () => {
    const balancer = await scenario.loadBalancer(subnet);
    const ip = await scenario.ip();
    const group = await scenario.group("lb");
    const config = {
      ...balancerConfig(subnet),
      public_ip: text(ip, "public_ip"),
      security_groups: [text(group, "id")],
    };
    expect(cloud.plan(BALANCER, config, balancer).replacedBy).toEqual([]);
    expect(await cloud.update(BALANCER, balancer, config)).toMatchObject({
      public_ip: ip.public_ip,
      security_groups: [group.id],
    });
    const internal = { ...balancerConfig(subnet), load_balancer_type: "internal" };
    expect(cloud.plan(BALANCER, internal, balancer).replacedBy).toEqual(["load_balancer_type"]);
  });

  test("is in provisioning until it is active", async () => {
    await start({}, 1000);
    const seen: unknown[] = [];
    await cloud.create(BALANCER, balancerConfig(subnet), () => {
      seen.push(views()[0]?.state);
      return Promise.resolve();
    });
    expect(seen[0]).toBe("provisioning");
  });

  test("that is stuck fails at its timeout, and so does every read of it", async () => {
    await start({ stuckLoadBalancer: true });
    const waits: number[] = [];
    const config = { ...balancerConfig(subnet), timeouts: { create: "45m", read: "2m" } };
    const create = () =>
      cloud.create(BALANCER, config, (milliseconds = 0) => {
        waits.push(milliseconds);
        return Promise.resolve();
      });
    expect(await refusal(create)).toMatch(/last state: 'provisioning', timeout: 45m0s/);
    expect(waits).toEqual([45 * 60_000]);
    expect(await refusal(() => cloud.read(BALANCER, { ...config, id: "x-api" }))).toMatch(
      /last state: 'provisioning', timeout: 2m0s/,
    );
  });
});

describe("health check of a load balancer", () => {
  const attributes = (config: Config = {}) =>
    cloud.create(ATTRIBUTES, {
      load_balancer_name: "x-api",
      health_check: HEALTH_CHECK,
      ...config,
    });

  test("is set on the load balancer, and stays when its resource is deleted", async () => {
    const balancer = await scenario.loadBalancer(subnet);
    const created = await attributes();
    expect(created).toMatchObject({ id: "x-api", health_check: [HEALTH_CHECK] });
    await cloud.delete(ATTRIBUTES, created);
    expect(await cloud.read(BALANCER, balancer)).toMatchObject({ health_check: [HEALTH_CHECK] });
  });

  test("sends an omitted number as 0, which is refused", async () => {
    await scenario.loadBalancer(subnet);
    const partly = { health_check: { protocol: "TCP", port: 6443 } };
    expect(await refusal(() => attributes(partly))).toMatch(
      /^\[4095\] InvalidParameterValue, The value 0 of check_interval/,
    );
  });

  test("with policies needs one that exists, and a port to be deleted", async () => {
    await scenario.loadBalancer(subnet);
    const created = await attributes();
    const config = {
      load_balancer_name: "x-api",
      health_check: HEALTH_CHECK,
      policy_names: ["x"],
    };
    expect(await refusal(() => cloud.update(ATTRIBUTES, created, config))).toMatch(/\[4095\]/);
    expect(await refusal(() => cloud.delete(ATTRIBUTES, { ...created, policy_names: ["x"] }))).toBe(
      "required load_balancer_port attributes",
    );
  });

  test("is refused at validation out of its ranges", () => {
    const health_check = { ...HEALTH_CHECK, healthy_threshold: 11, check_interval: 4 };
    expect(
      cloud
        .validate(ATTRIBUTES, { load_balancer_name: "x", health_check })
        .map(({ summary }) => summary),
    ).toEqual([
      '"health_check.0.check_interval" must be between 5 and 600 included, got: 4',
      '"health_check.0.healthy_threshold" must be between 2 and 10 included, got: 11',
    ]);
  });

  test("of a recreated load balancer shows as changed only in the next plan", async () => {
    const balancer = await scenario.loadBalancer(subnet);
    const created = await attributes();
    await cloud.delete(BALANCER, balancer);
    await scenario.loadBalancer(subnet);
    const config = { load_balancer_name: "x-api", health_check: HEALTH_CHECK };
    expect(cloud.plan(ATTRIBUTES, config, created).isEmpty).toBe(true);
    const read = await cloud.read(ATTRIBUTES, created);
    expect(cloud.plan(ATTRIBUTES, config, read).replacedBy).toContain(
      "health_check.0.check_interval",
    );
  });
});

describe("backends of a load balancer", () => {
  test("are the whole list of the load balancer, whatever added them", async () => {
    const balancer = await scenario.loadBalancer(subnet);
    const [one, two] = [await scenario.vm(subnet), await scenario.vm(subnet)];
    const first = await backends(balancer, [one]);
    await backends(balancer, [two]);
    expect((await cloud.read(BACKENDS, first))?.backend_vm_ids).toEqual([one.id, two.id].sort());
  });

  test("change in place: one is removed, another one is added", async () => {
    const balancer = await scenario.loadBalancer(subnet);
    const [one, two] = [await scenario.vm(subnet), await scenario.vm(subnet)];
    const created = await backends(balancer, [one]);
    const config = { load_balancer_name: "x-api", backend_vm_ids: [text(two, "id")] };
    expect(cloud.plan(BACKENDS, config, created).replacedBy).toEqual([]);
    expect(await cloud.update(BACKENDS, created, config)).toMatchObject({
      backend_vm_ids: [two.id],
    });
  });

  test("of another Net are refused", async () => {
    const balancer = await scenario.loadBalancer(subnet);
    const other = await Scenario.in(cloud, "172.20.0.0/22");
    const otherVm = await other.vm(await other.subnet("172.20.0.0/24"));
    expect(await refusal(() => backends(balancer, [otherVm]))).toMatch(
      /^Unable to create Load Balancer backends\n\[4086\] InvalidParameterValue/,
    );
  });

  test("that are not registered cannot be unlinked", async () => {
    const balancer = await scenario.loadBalancer(subnet);
    const created = await backends(balancer, [await scenario.vm(subnet)]);
    await cloud.delete(BACKENDS, created);
    expect(await refusal(() => cloud.delete(BACKENDS, created))).toMatch(
      /^Unable to delete Load Balancer backends\n\[5063\]/,
    );
  });

  test.each([
    ["neither ids nor addresses", {}, /at least the 'backend_ips' or the 'backend_vm_ids'/],
    ["both", { backend_vm_ids: UNKNOWN, backend_ips: UNKNOWN }, /cannot be specified when/],
  ])("with %s are refused at validation", (_what, config, message) => {
    const [problem] = cloud.validate(BACKENDS, { load_balancer_name: "x", ...config });
    expect(problem?.detail).toMatch(message);
  });

  test("cause a warning in the plan that creates them", async () => {
    const balancer = await scenario.loadBalancer(subnet);
    await backends(balancer, [await scenario.vm(subnet)]);
    expect(cloud.warnings).toContain("Resource 'outscale_load_balancer_vms' Considerations");
  });
});

describe("a backend gets traffic", () => {
  async function balanced(rule: Config | undefined, options: Config = {}) {
    const group = await scenario.group("node");
    const vm = await scenario.vm(subnet, { security_group_ids: [text(group, "id")], ...options });
    const balancer = await scenario.loadBalancer(subnet);
    await backends(balancer, [vm]);
    if (rule !== undefined) await scenario.rule(group, rule);
    return views()[0]?.backends[0]?.problem;
  }

  test("when its groups allow the load balancer's subnet", async () => {
    expect(await balanced({ ip_range: "172.16.7.0/24" })).toBeUndefined();
  });

  test.each([
    ["without a rule", undefined],
    ["with a rule for another network", { ip_range: "203.0.113.0/24" }],
    ["with a rule for another port", { from_port_range: 443, to_port_range: 443 }],
  ])("not %s", async (_what, rule) => {
    expect(await balanced(rule)).toMatch(/do not let the load balancer in on tcp\/6443/);
  });

  test("not while it is stopped", async () => {
    expect(await balanced({}, { state: "stopped" })).toMatch(/^i-\w+ is stopped$/);
  });

  test("not before its health checks have passed", async () => {
    await start({}, 0.02);
    expect(await balanced({})).toMatch(/has not passed 10 health checks in a row yet/);
  });
});
