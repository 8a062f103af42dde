import { describe, expect, it, test } from "@jest/globals";
import { outscale, ovh, scaleway, type TestCloud, testClouds } from "../../support/clouds";
import { type Json, type Stack, synthesized, values } from "../../support/input";

const gpu = { address_block: 1, count: 1 };
const withRules = (cloud: TestCloud, ...ingress_rules: object[]) =>
  synthesized(values({ ...cloud.available, pools: { gpu } }, { ingress_rules }, cloud));

/** "control_plane_0 [8080]/tcp from …", of each node that has a rule of this name. */
const opened = (stack: Stack, name: string): string[] =>
  Object.keys(stack.all("talos_machine_configuration")).flatMap((node) =>
    stack
      .patches(node)
      .filter((patch: Json) => patch.name === `ingress-${name}`)
      .map(({ portSelector, ingress }: Json) => {
        const subnets = (ingress as { subnet: string }[]).map(({ subnet }) => subnet);
        return `${node} ${JSON.stringify(portSelector.ports)}/${portSelector.protocol} from ${subnets.join(" ")}`;
      }),
  );
const nodesOf = (stack: Stack, name: string) =>
  opened(stack, name).map((line) => line.split(" ")[0]);

describe("ingress_rules in Talos's firewall", () => {
  test("by default open a TCP port on every node, to the private network and the pods", () => {
    const stack = withRules(scaleway, { name: "web", ports: 8080 });
    const nodes = [0, 1, 2].map((index) => `control_plane_${index}`);
    expect(opened(stack, "web")).toEqual(
      [...nodes, "gpu_0", "worker_0", "worker_1"].map(
        (node) => `${node} [8080]/tcp from 10.244.0.0/16 172.16.4.0/22`,
      ),
    );
  });

  test("write single ports as numbers and ranges as text", () => {
    const ports = [80, "443", "8000-8999", "9000-9000"];
    const stack = withRules(scaleway, { name: "web", ports, protocol: "udp", nodes: "worker-0" });
    expect(opened(stack, "web")).toEqual([
      'worker_0 [80,443,"8000-8999",9000]/udp from 10.244.0.0/16 172.16.4.0/22',
    ]);
  });

  it.each<[unknown, string]>([
    ["bastion", "172.16.7.250/32"],
    [
      "nodes",
      "10.244.0.0/16 172.16.4.4/30 172.16.4.8/31 172.16.4.10/32 172.16.5.0/24 172.16.6.0/24",
    ],
    ["172.16.7.9", "172.16.7.9/32"],
    [["172.16.7.0/25", "bastion"], "172.16.7.0/25 172.16.7.250/32"],
    [["network", "nodes", "172.16.7.9"], "10.244.0.0/16 172.16.4.0/22"],
  ])("from %j allow where that is", (from, expected) => {
    const stack = withRules(scaleway, { name: "web", ports: 80, from, nodes: "worker-0" });
    expect(opened(stack, "web")).toEqual([`worker_0 [80]/tcp from ${expected}`]);
  });

  it.each<[unknown, string[]]>([
    ["control_planes", ["control_plane_0", "control_plane_1", "control_plane_2"]],
    ["workers", ["gpu_0", "worker_0", "worker_1"]],
    ["worker", ["worker_0", "worker_1"]],
    ["gpu", ["gpu_0"]],
    [
      ["gpu-0", "control-plane-1"],
      ["control_plane_1", "gpu_0"],
    ],
  ])("for %j open it there alone", (nodes, expected) => {
    const stack = withRules(scaleway, { name: "web", ports: 80, nodes });
    expect(nodesOf(stack, "web")).toEqual(expected);
  });
});

describe("ingress_rules in security groups", () => {
  const rules = [
    { name: "web", ports: [80, "8000-8999"], from: ["nodes", "bastion", "172.16.7.9"] },
    { name: "node-ports", ports: "30000-32767", nodes: ["workers", "control_planes"] },
    { name: "vpn", ports: 51820, protocol: "udp", nodes: ["control_planes", "control-plane-0"] },
    { name: "inner", ports: 9100, from: "nodes" },
  ];

  test("of OVHcloud open the ports, for control planes alone where only those are named", () => {
    const all = withRules(ovh, ...rules).all("openstack_networking_secgroup_rule_v2");
    const lines = Object.entries(all)
      .filter(([name]) => name.startsWith("ingress_"))
      .map(([name, rule]: [string, Json]) => {
        const group = /secgroup_v2\.(\w+)\.id/.exec(rule.security_group_id)?.[1];
        return `${name}: ${rule.direction} ${rule.protocol} ${rule.port_range_min}-${rule.port_range_max} from ${rule.remote_ip_prefix} to ${group}`;
      });
    expect(lines.sort()).toEqual([
      "ingress_node_ports_30000_32767_from_172_16_4_0_22: ingress tcp 30000-32767 from 172.16.4.0/22 to nodes",
      "ingress_vpn_51820_from_172_16_4_0_22: ingress udp 51820-51820 from 172.16.4.0/22 to control_planes",
      "ingress_web_8000_8999_from_172_16_7_250_32: ingress tcp 8000-8999 from 172.16.7.250/32 to nodes",
      "ingress_web_8000_8999_from_172_16_7_9_32: ingress tcp 8000-8999 from 172.16.7.9/32 to nodes",
      "ingress_web_80_from_172_16_7_250_32: ingress tcp 80-80 from 172.16.7.250/32 to nodes",
      "ingress_web_80_from_172_16_7_9_32: ingress tcp 80-80 from 172.16.7.9/32 to nodes",
    ]);
  });

  test("of Outscale open the ports for every node", () => {
    const all = withRules(outscale, ...rules).all("outscale_security_group_rule");
    const lines = Object.entries(all)
      .filter(([name]) => name.startsWith("ingress_"))
      .map(
        ([name, rule]: [string, Json]) =>
          `${name}: ${rule.flow} ${rule.ip_protocol} ${rule.from_port_range}-${rule.to_port_range} from ${rule.ip_range} ${rule.security_group_id}`,
      );
    expect(lines.sort()).toEqual([
      "ingress_node_ports_30000_32767_from_172_16_4_0_22: Inbound tcp 30000-32767 from 172.16.4.0/22 ${outscale_security_group.nodes.security_group_id}",
      "ingress_vpn_51820_from_172_16_4_0_22: Inbound udp 51820-51820 from 172.16.4.0/22 ${outscale_security_group.nodes.security_group_id}",
      "ingress_web_8000_8999_from_172_16_7_250_32: Inbound tcp 8000-8999 from 172.16.7.250/32 ${outscale_security_group.nodes.security_group_id}",
      "ingress_web_8000_8999_from_172_16_7_9_32: Inbound tcp 8000-8999 from 172.16.7.9/32 ${outscale_security_group.nodes.security_group_id}",
      "ingress_web_80_from_172_16_7_250_32: Inbound tcp 80-80 from 172.16.7.250/32 ${outscale_security_group.nodes.security_group_id}",
      "ingress_web_80_from_172_16_7_9_32: Inbound tcp 80-80 from 172.16.7.9/32 ${outscale_security_group.nodes.security_group_id}",
    ]);
  });

  test("of Scaleway, which filter public interfaces, stay closed", () => {
    const groups = (stack: Stack) => stack.all("scaleway_instance_security_group");
    expect(groups(withRules(scaleway, ...rules))).toEqual(groups(withRules(scaleway)));
  });
});

test.each(testClouds)("without ingress_rules nothing differs on $name", (cloud) => {
  const plain = synthesized(values(cloud.available, {}, cloud));
  const empty = synthesized(values(cloud.available, { ingress_rules: [] }, cloud));
  expect(empty.resource).toEqual(plain.resource);
});
