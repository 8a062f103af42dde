import { describe, expect, it, test } from "@jest/globals";
import { outscale, ovh, scaleway, type TestCloud } from "../../support/clouds";
import { available, type Json, type Stack, synthesized, values } from "../../support/input";

const stack = synthesized(values({ ...available, workers: 1 }));
const document = (from: Stack, node: string, kind: string, name?: string): Json =>
  from
    .patches(node)
    .find((patch: Json) => patch.kind === kind && (name === undefined || patch.name === name));

describe("the ingress firewall", () => {
  interface Rule {
    readonly kind: string;
    readonly name: string;
    readonly portSelector: { readonly ports: unknown[]; readonly protocol: string };
    readonly ingress: readonly { readonly subnet: string }[];
  }
  const rules = (node: string): Record<string, string> =>
    Object.fromEntries(
      (stack.patches(node) as Partial<Rule>[])
        .filter((patch): patch is Rule => patch.kind === "NetworkRuleConfig")
        .map(({ name, portSelector: { ports, protocol }, ingress }) => [
          name,
          `${JSON.stringify(ports)}/${protocol} from ${ingress.map(({ subnet }) => subnet).join(" ")}`,
        ]),
    );
  const controlPlanes = "172.16.4.4/30 172.16.4.8/31 172.16.4.10/32";
  const nodes = `${controlPlanes} 172.16.5.0/24 172.16.6.0/24`;
  const everyNode = {
    apid: `[50000]/tcp from ${nodes} 172.16.7.250/32`,
    kubelet: `[10250]/tcp from 10.244.0.0/16 ${nodes}`,
    vxlan: `[4789]/udp from ${nodes}`,
  };

  it.each([["control_plane_0"], ["worker_0"]])("blocks what it does not allow: %s", (node) => {
    expect(document(stack, node, "NetworkDefaultActionConfig").ingress).toBe("block");
  });

  test("allows a worker's neighbours by where nodes may be, ports written as numbers", () => {
    expect(rules("worker_0")).toEqual(everyNode);
  });

  test("allows the API of control planes, and etcd from present and future ones", () => {
    expect(rules("control_plane_1")).toEqual({
      ...everyNode,
      trustd: `[50001]/tcp from ${nodes}`,
      "kube-apiserver":
        "[6443]/tcp from 10.244.0.0/16 100.64.0.0/10 172.16.4.0/23 172.16.6.0/24 172.16.7.250/32",
      etcd: `["2379-2380"]/tcp from ${controlPlanes}`,
    });
  });

  test("stays the same when nodes or a pool are added", () => {
    const gpu = { address_block: 1, count: 2 };
    const grown = synthesized(values({ ...available, workers: 9, pools: { gpu } }));
    const small = synthesized(values({ ...available, workers: 1 }));
    for (const node of ["control_plane_0", "worker_0"]) {
      const firewall = (of: typeof grown) =>
        of.patches(node).filter(({ kind }: Json) => kind === "NetworkRuleConfig");
      expect(firewall(grown)).toEqual(firewall(small));
    }
  });

  it.each<[string, TestCloud, string]>([
    ["Scaleway", scaleway, "172.16.4.0/23 172.16.6.0/24"],
    ["OVHcloud", ovh, "172.16.7.0/25 172.16.7.128/26 172.16.7.192/27 172.16.7.224/28"],
    ["Outscale, beside the nodes' subnets", outscale, "172.16.4.0/22"],
  ])("allows the load balancer where its own address is on %s", (_, cloud, expected) => {
    const { ingress } = document(
      synthesized(values(cloud.available, {}, cloud)),
      "control_plane_0",
      "NetworkRuleConfig",
      "kube-apiserver",
    );
    const subnets = (ingress as { subnet: string }[]).map(({ subnet }) => subnet);
    expect(subnets).toEqual(expect.arrayContaining(expected.split(" ")));
  });
});
