import { describe, expect, test } from "@jest/globals";
import { outscale } from "../../../support/clouds";
import { synthesized, values } from "../../../support/input";

const stack = synthesized(
  values(outscale.available, { admin_ip: ["203.0.113.7", "192.0.2.0/25"] }, outscale),
);

describe("subnets on Outscale", () => {
  test("are a private one in each subregion that has nodes, and one public", () => {
    const reported = Object.entries(stack.all("outscale_subnet")).map(
      ([name, { ip_range, subregion_name }]) => `${name} ${ip_range} ${subregion_name}`,
    );
    expect(reported).toEqual([
      "private_eu_west_2a 172.16.4.0/24 eu-west-2a",
      "private_eu_west_2b 172.16.5.0/24 eu-west-2b",
      "private_eu_west_2c 172.16.6.0/24 eu-west-2c",
      "public 172.16.7.0/24 eu-west-2a",
    ]);
  });

  test("give no machine a public address by themselves", () => {
    for (const subnet of Object.values(stack.all("outscale_subnet"))) {
      expect(subnet).not.toHaveProperty("map_public_ip_on_launch");
    }
  });

  test("do not move when a zone is added", () => {
    const one = synthesized(
      values({ ...outscale.available, control_planes: 1, workers: 0 }, {}, outscale),
    );
    expect(one.all("outscale_subnet")).toMatchObject({
      private_eu_west_2a: { ip_range: "172.16.4.0/24" },
      public: { ip_range: "172.16.7.0/24" },
    });
    expect(Object.keys(one.all("outscale_subnet"))).toHaveLength(2);
  });
});

test("nodes on Outscale reach the internet through the NAT service, and only the public subnet through the internet service", () => {
  expect(stack.at("outscale_route.private")).toMatchObject({
    destination_ip_range: "0.0.0.0/0",
    nat_service_id: "${outscale_nat_service.nat.nat_service_id}",
  });
  expect(stack.at("outscale_route.private")).not.toHaveProperty("gateway_id");
  expect(stack.at("outscale_route.public").gateway_id).toBe(
    "${outscale_internet_service.internet.internet_service_id}",
  );
  for (const zone of ["a", "b", "c"]) {
    expect(stack.at(`outscale_route_table_link.private_eu_west_2${zone}`).route_table_id).toBe(
      "${outscale_route_table.private.route_table_id}",
    );
  }
});

describe("dependencies on Outscale that creation and destruction need and no attribute expresses:", () => {
  test.each([
    ["outscale_route.public", ["outscale_internet_service_link.internet"]],
    ["outscale_nat_service.nat", ["outscale_route.public", "outscale_route_table_link.public"]],
    ["outscale_load_balancer.api", ["outscale_route.public", "outscale_route_table_link.public"]],
    ["outscale_public_ip_link.bastion", ["outscale_internet_service_link.internet"]],
    [
      "outscale_vm.worker_1",
      [
        "outscale_route.private",
        "outscale_route_table_link.private_eu_west_2b",
        "outscale_security_group_rule.nodes_from_nodes",
      ],
    ],
    ["outscale_load_balancer_vms.api", ["outscale_load_balancer_attributes.api"]],
  ])("%s waits for %j", (address, others) => {
    expect(stack.at(address).depends_on).toEqual(expect.arrayContaining(others));
  });
});

test("security groups on Outscale allow what the design says, and nothing else", () => {
  const reported = Object.entries(stack.all("outscale_security_group_rule")).map(
    ([name, { flow, ip_protocol, from_port_range: port, ip_range, rules, security_group_id }]) =>
      `${name}: ${flow} ${ip_protocol ?? rules[0].ip_protocol} ${port ?? ""} from ` +
      `${ip_range ?? rules[0].security_groups_members[0].security_group_id} to ${security_group_id}`,
  );
  const group = (name: string) => `\${outscale_security_group.${name}.security_group_id}`;
  expect(reported).toEqual([
    `kubernetes_from_192_0_2_0_25: Inbound tcp 6443 from 192.0.2.0/25 to ${group("api")}`,
    `kubernetes_from_203_0_113_7_32: Inbound tcp 6443 from 203.0.113.7/32 to ${group("api")}`,
    `kubernetes_from_nat: Inbound tcp 6443 from \${outscale_public_ip.nat.public_ip}/32 to ${group("api")}`,
    `kubernetes_from_public_subnet: Inbound tcp 6443 from 172.16.7.0/24 to ${group("nodes")}`,
    `nodes_from_nodes: Inbound -1  from ${group("nodes")} to ${group("nodes")}`,
    `ssh_from_192_0_2_0_25: Inbound tcp 22 from 192.0.2.0/25 to ${group("bastion")}`,
    `ssh_from_203_0_113_7_32: Inbound tcp 22 from 203.0.113.7/32 to ${group("bastion")}`,
    `talos_from_bastion: Inbound tcp 50000 from 172.16.7.250/32 to ${group("nodes")}`,
  ]);
});

test("security groups on Outscale are replaced with their Net: they would stay in the old one", () => {
  for (const group of Object.values(stack.all("outscale_security_group"))) {
    expect(group.net_id).toBe("${outscale_net.cluster.net_id}");
    expect(group.lifecycle).toEqual({ replace_triggered_by: ["outscale_net.cluster.id"] });
  }
});

test("a node on Outscale waits for the rules of its own group only", () => {
  const waitsFor: string[] = stack.at("outscale_vm.worker_1").depends_on;
  expect(waitsFor.filter((address) => address.includes("_rule."))).toEqual(
    ["nodes_from_nodes", "talos_from_bastion", "kubernetes_from_public_subnet"].map(
      (name) => `outscale_security_group_rule.${name}`,
    ),
  );
});

test("descriptions of security groups on Outscale never change: another one would replace the group", () => {
  const reported = Object.entries(stack.all("outscale_security_group"));
  expect(
    Object.fromEntries(reported.map(([name, { description }]) => [name, description])),
  ).toEqual({
    api: "Kubernetes API load balancer",
    bastion: "Bastion",
    nodes: "Talos nodes",
  });
});

test("the region on Outscale is the configuration's, whatever the environment or a profile says", () => {
  expect(stack.json.provider.outscale).toEqual([{ region: "eu-west-2" }]);
});
