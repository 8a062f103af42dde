import { describe, expect, test } from "@jest/globals";
import { rowsOf } from "../../src/cli/explain/rows";
import type { Flow } from "../../simulator/reachability/matrix";
import { testClouds } from "../support/clouds";
import { publicKey, type Values } from "../support/input";
import { broken, explained } from "./explained";
import { patched, type Removal, without } from "./removals";

const opens = "What ingress_rules opens is reached, from where it says.";
const closed = "On a node nothing else is reached, from wherever.";

const rules = [
  { name: "node-ports", ports: "30000-32767", nodes: "workers" },
  { name: "metrics", ports: [9100, "9153-9154"], from: "nodes" },
  { name: "admin", ports: 8443, from: "bastion", nodes: ["control_planes", "worker-1"] },
  { name: "voice", ports: 5060, protocol: "udp", from: "172.16.7.0/25" },
];

describe.each(testClouds)("ingress_rules on $name", (cloud) => {
  const given = (ingress_rules: object[]): Values => ({
    cluster_name: "demo",
    admin_ip: "203.0.113.7",
    bastion_ssh_keys: { [cloud.name]: publicKey },
    node_distribution: { [cloud.name]: { ...cloud.single, control_planes: 1, workers: 2 } },
    ingress_rules,
  });
  const reached = (flows: readonly Flow[], port: number) =>
    new Set(
      flows
        .filter(({ service, trace }) => service.port === port && trace.reached)
        .map(({ from, to }) => `${from.kind} to ${to.name}`),
    );

  test("are reached from where they say, and break no other promise", async () => {
    const result = await explained(given(rules));
    expect(broken(result)).toEqual({});
    expect(result.findings.map(({ title }) => title)).toContain(opens);
    expect(reached(result.flows, 8443)).toEqual(
      new Set(["bastion to control-plane-0", "bastion to worker-1"]),
    );
    const nodePort = reached(result.flows, 32767);
    expect(nodePort).toContain("bastion to worker-0");
    expect(nodePort).toContain("pod to worker-0");
    expect(nodePort).toContain("neighbour to worker-1");
    expect([...nodePort].join()).not.toContain("to control-plane");
    expect([...reached(result.flows, 9100)].filter((one) => one.startsWith("bastion"))).toEqual([]);
    expect([...nodePort, ...reached(result.flows, 9100)].join()).not.toMatch(/internet|admin to/);
  });

  test("are shown by name", async () => {
    const { flows } = await explained(given(rules));
    const reasons = rowsOf(flows).filter((row) => row.reached && row.ports.includes("32767/tcp"));
    expect(reasons).not.toEqual([]);
    for (const { because } of reasons) {
      expect(because).toContain(
        'NetworkRuleConfig ingress-node-ports of worker-* (ingress_rules "node-ports")',
      );
    }
  });

  test("are no promise where there are none", async () => {
    const { findings } = await explained(given([]));
    expect(findings.map(({ title }) => title)).not.toContain(opens);
  });

  const firewall = patched("without a rule in Talos's firewall", (patch) =>
    patch["name"] === "ingress-admin" ? [] : [patch],
  );
  const wider = patched("open to more than they say", (patch) =>
    patch["name"] === "ingress-admin"
      ? [{ ...patch, ingress: [{ subnet: "0.0.0.0/0" }] }]
      : [patch],
  );
  const groups = {
    scaleway: [],
    ovh: [without("openstack_networking_secgroup_rule_v2.ingress_admin_8443_from_172_16_7_250_32")],
    outscale: [without("outscale_security_group_rule.ingress_admin_8443_from_172_16_7_250_32")],
  }[cloud.name];
  test.each<[string, string, Removal]>([
    [firewall.name, opens, firewall],
    [wider.name, closed, wider],
    ...groups.map((removal): [string, string, Removal] => [removal.name, opens, removal]),
  ])("%s, break: %s", async (_, title, { change }) => {
    expect(Object.keys(broken(await explained(given(rules), change)))).toContain(title);
  });
});
