import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { UNKNOWN, type Values } from "../../protocol/model";
import { Cloud, refusal, removeFolders, text, type Config } from "./harness";
import { ruleConfig, Scenario } from "./scenario";

const GROUP = "outscale_security_group";
const RULE = "outscale_security_group_rule";

let cloud: Cloud;
let scenario: Scenario;
let group: Values;

beforeEach(async () => {
  cloud = new Cloud();
  scenario = await Scenario.in(cloud);
  group = await scenario.group("node");
});

afterAll(removeFolders);

function groupConfig(more: Config = {}): Config {
  return {
    net_id: scenario.netId,
    security_group_name: "node",
    description: "A group",
    ...more,
  };
}

describe("security group", () => {
  test("allows all outbound traffic and no inbound traffic", () => {
    expect(group).toMatchObject({
      id: expect.stringMatching(/^sg-[0-9a-f]{8}$/),
      inbound_rules: [],
      outbound_rules: [
        { ip_protocol: "-1", from_port_range: -1, to_port_range: -1, ip_ranges: ["0.0.0.0/0"] },
      ],
      remove_default_outbound_rule: false,
    });
  });

  test("needs a name that is unique in its Net", async () => {
    expect(await refusal(() => scenario.group("node"))).toMatch(
      /^Unable to create Security Group\n\[9008\] ResourceConflict, .*named node already exists/,
    );
    const other = await Scenario.in(cloud, "172.20.0.0/22");
    await other.group("node");
  });

  test.each([
    ["a name that looks like an id", { security_group_name: "sg-node" }],
    ["a quote in its description", { description: "Talos's nodes" }],
    ["an empty description", { description: "" }],
  ])("is refused with %s", async (_what, config) => {
    expect(await refusal(() => scenario.group("other", config))).toMatch(
      /\[4047\] InvalidParameterValue/,
    );
  });

  test("is refused at validation with a name or a description that is too long", () => {
    const problems = (config: Config) =>
      cloud.validate(GROUP, groupConfig(config)).map(({ detail }) => detail);
    expect(problems({ description: "x".repeat(256) })).toEqual([
      "Attribute description string length must be at most 255, got: 256",
    ]);
    expect(problems({ security_group_name: "x".repeat(256) })).toHaveLength(1);
    expect(problems({})).toEqual([]);
  });

  test("is replaced by another description or name, but not by an unknown Net", () => {
    const changed = (config: Config) => cloud.plan(GROUP, groupConfig(config), group).replacedBy;
    expect(changed({ description: "Other" })).toEqual(["description"]);
    expect(changed({ security_group_name: "other" })).toEqual(["security_group_name"]);
    expect(changed({ net_id: "vpc-12345678" })).toEqual(["net_id"]);
    expect(changed({ net_id: UNKNOWN })).toEqual([]);
  });

  test("warns in the plan of its replacement or deletion when machines have no other", async () => {
    const subnet = await scenario.subnet();
    await scenario.vm(subnet, { security_group_ids: [text(group, "id")] });
    cloud.plan(GROUP, groupConfig({ description: "Other" }), group);
    expect(cloud.warnings).toEqual([
      expect.stringMatching(/is the unique Security Group of the following resources: \[i-\w+\]/),
      "Security Group name conflict.",
    ]);
  });

  test("of another Net is refused for machines and load balancers", async () => {
    const other = await Scenario.in(cloud, "172.20.0.0/22");
    const foreign = { security_group_ids: [text(await other.group("x"), "id")] };
    const { subnet } = await scenario.publicSubnet();
    expect(await refusal(() => scenario.vm(subnet, foreign))).toMatch(
      /^error launching source vm: \[5022\] InvalidResource, .*is not in the Net/,
    );
    expect(
      await refusal(() =>
        scenario.loadBalancer(subnet, { security_groups: foreign.security_group_ids }),
      ),
    ).toMatch(/^Unable to create Load Balancer\n\[5022\]/);
  });

  test("that is the only one of a machine is not deleted (9085)", async () => {
    const subnet = await scenario.subnet();
    const vm = await scenario.vm(subnet, { security_group_ids: [text(group, "id")] });
    expect(await refusal(() => cloud.delete(GROUP, group))).toBe(
      `The Security Group is the unique Security Group of the following VMs: [${text(vm, "id")}].\n` +
        "The Security Group cannot be deleted and needs to be removed from the VMs first.",
    );
  });

  test("is detached from a machine that has another one, and deleted", async () => {
    const other = await scenario.group("other");
    const subnet = await scenario.subnet();
    const ids = [text(group, "id"), text(other, "id")];
    const vm = await scenario.vm(subnet, { security_group_ids: ids });
    await cloud.delete(GROUP, group);
    expect(await cloud.read("outscale_vm", vm)).toMatchObject({ security_group_ids: [other.id] });
  });

  test("that no longer exists cannot be deleted, whenever it was removed", async () => {
    const subnet = await scenario.subnet();
    const [one, two] = [text(group, "id"), text(await scenario.group("two"), "id")];
    await cloud.create(RULE, {
      flow: "Inbound",
      security_group_id: two,
      rules: { ip_protocol: "-1", security_groups_members: { security_group_id: one } },
    });
    await scenario.vm(subnet, { security_group_ids: [one, two] });
    const gone = () => {
      cloud.store.remove(GROUP, one);
      return Promise.resolve();
    };
    expect(await refusal(() => cloud.delete(GROUP, group, gone))).toMatch(
      /^Unable to delete Security Group\n\[5020\]/,
    );
    expect(await refusal(() => cloud.delete(GROUP, group))).toMatch(
      /^Unable to delete Security Group\n\[5020\]/,
    );
  });

  test("that a rule of another group names is retried, and refused at the timeout (9085)", async () => {
    const other = await scenario.group("other");
    const rule = await cloud.create(RULE, {
      flow: "Inbound",
      security_group_id: text(other, "id"),
      rules: {
        ip_protocol: "-1",
        security_groups_members: { security_group_id: text(group, "id") },
      },
    });
    expect(await refusal(() => cloud.delete(GROUP, group))).toMatch(
      /^Unable to delete Security Group after unlinking resources\n\[9085\] ResourceConflict/,
    );
    await cloud.delete(RULE, rule);
    await cloud.delete(GROUP, group);
  });
});

describe("rule of a security group", () => {
  test("has its group's id, and shows in the group", async () => {
    const rule = await scenario.rule(group);
    expect(rule).toMatchObject({
      id: group.id,
      security_group_name: "node",
      net_id: scenario.netId,
      rules: [],
    });
    await scenario.rule(group, { ip_range: "203.0.113.7/32" });
    expect((await cloud.read(GROUP, group))?.inbound_rules).toMatchObject([
      { from_port_range: 6443, ip_ranges: ["172.16.7.0/24", "203.0.113.7/32"] },
    ]);
  });

  test("with a member of a group has empty strings where nothing is set", async () => {
    const rules = {
      ip_protocol: "-1",
      security_groups_members: { security_group_id: text(group, "id") },
    };
    const config = { flow: "Inbound", security_group_id: text(group, "id"), rules };
    const rule = await cloud.create(RULE, config);
    expect(rule.rules).toMatchObject([
      {
        ip_ranges: [],
        service_ids: [],
        security_groups_members: [
          { account_id: "", security_group_id: group.id, security_group_name: "" },
        ],
      },
    ]);
    expect(cloud.plan(RULE, config, rule).isEmpty).toBe(true);
  });

  test("that exists already is refused", async () => {
    await scenario.rule(group);
    expect(await refusal(() => scenario.rule(group))).toMatch(
      /^Unable to create Security Group Rule\n\[9029\] ResourceConflict, .*has this rule already/,
    );
  });

  test.each([
    ["host bits", { ip_range: "172.16.7.1/24" }],
    ["no network", { ip_range: "Hello" }],
    ["a reversed port range", { from_port_range: 1237, to_port_range: 1234 }],
    ["an unknown protocol", { ip_protocol: "http" }],
  ])("with %s is refused", async (_what, config) => {
    expect(await refusal(() => scenario.rule(group, config))).toMatch(
      /^Unable to create Security Group Rule\n\[4047\] InvalidParameterValue/,
    );
  });

  test.each<[string, Config, RegExp]>([
    ["nobody", {}, /\[4047\].*needs an IP range or a member/],
    [
      "a group that does not exist",
      { security_groups_members: { security_group_id: "sg-12345678" } },
      /\[5060\] InvalidResource/,
    ],
    [
      "a group of a name that does not exist",
      { security_groups_members: { security_group_name: "x" } },
      /\[5060\] InvalidResource/,
    ],
  ])("for %s is refused", async (_what, rules, message) => {
    const config = {
      flow: "Inbound",
      security_group_id: text(group, "id"),
      rules: { ip_protocol: "-1", ...rules },
    };
    expect(await refusal(() => cloud.create(RULE, config))).toMatch(message);
    const flat = ruleConfig(group, { ip_range: null });
    expect(await refusal(() => cloud.create(RULE, flat))).toMatch(/\[4047\]/);
  });

  test("that was deleted elsewhere is not noticed, and its own deletion is then refused", async () => {
    const rule = await scenario.rule(group);
    await cloud.delete(RULE, rule);
    expect(await cloud.read(RULE, rule)).not.toBeNull();
    expect(cloud.plan(RULE, ruleConfig(group), rule).isEmpty).toBe(true);
    expect(await refusal(() => cloud.delete(RULE, rule))).toMatch(
      /^Unable to delete Security Group Rule\n\[5001\] InvalidResource/,
    );
  });

  test("is replaced by any change", async () => {
    const rule = await scenario.rule(group);
    const changed = (config: Config) =>
      cloud.plan(RULE, ruleConfig(group, config), rule).replacedBy;
    expect(changed({ ip_range: "10.0.0.0/8" })).toEqual(["ip_range"]);
    expect(changed({ flow: "Outbound" })).toEqual(["flow"]);
    expect(changed({ to_port_range: 6444 })).toEqual(["to_port_range"]);
  });

  test.each<[string, Config, RegExp]>([
    ["both forms", { rules: { ip_protocol: "-1" } }, /Attribute "rules" cannot be specified when/],
    [
      "one port",
      { to_port_range: null },
      /"to_port_range" must be specified when "from_port_range"/,
    ],
    ["another flow", { flow: "inbound" }, /flow value must be one of: \["Inbound" "Outbound"\]/],
  ])("with %s is refused at validation", (_what, config, message) => {
    const [problem] = cloud.validate(RULE, ruleConfig(group, config));
    expect(problem?.detail).toMatch(message);
  });

  test("without any content is refused at validation", () => {
    expect(cloud.validate(RULE, { flow: "Inbound", security_group_id: "sg-1" })).toMatchObject([
      {
        summary: "Attribute Configuration",
        detail: expect.stringMatching(/^At least one of \[rules/),
      },
    ]);
  });

  test("for all protocols ignores its ports, and warns of them", async () => {
    await scenario.rule(group, { ip_protocol: "-1" });
    expect(cloud.warnings).toEqual(["IP Protocol Configuration"]);
    expect((await cloud.read(GROUP, group))?.inbound_rules).toMatchObject([
      { ip_protocol: "-1", from_port_range: -1, to_port_range: -1 },
    ]);
  });

  test("is imported by all of its arguments", async () => {
    await scenario.rule(group);
    const id = `${text(group, "id")}_Inbound_tcp_6443_6443_172.16.7.0/24`;
    expect(await cloud.import(RULE, id)).toMatchObject({ id: group.id, from_port_range: 6443 });
    expect(await refusal(() => cloud.import(RULE, id.replace("6443", "6444")))).toMatch(
      /^Unable to find the Security Group Rule with the requested attributes/,
    );
  });
});
