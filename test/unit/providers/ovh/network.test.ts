import { expect, test } from "@jest/globals";
import { ovh } from "../../../support/clouds";
import { synthesized, values } from "../../../support/input";

const stack = synthesized(
  values(ovh.available, { admin_ip: ["203.0.113.7", "192.0.2.0/25"] }, ovh),
);
const rule = (name: string) => stack.at(`openstack_networking_secgroup_rule_v2.${name}`);

test("the network's MTU on OVHcloud is what passes the router", () => {
  expect(stack.at("openstack_networking_network_v2.cluster").mtu).toBe(1500);
});

test("what OVHcloud assigns by itself avoids every planned address", () => {
  expect(stack.at("openstack_networking_subnet_v2.cluster")).toMatchObject({
    cidr: "172.16.4.0/22",
    gateway_ip: "172.16.4.1",
    allocation_pool: [{ start: "172.16.7.0", end: "172.16.7.239" }],
  });
});

test("the router on OVHcloud sets nothing that is reserved for the operator", () => {
  const router = stack.at("openstack_networking_router_v2.gateway");
  for (const argument of ["enable_snat", "distributed", "external_fixed_ip"]) {
    expect(router).not.toHaveProperty(argument);
  }
});

test.each([
  "openstack_lb_loadbalancer_v2.api",
  "openstack_networking_floatingip_associate_v2.api",
  "openstack_networking_floatingip_associate_v2.bastion",
  "openstack_compute_instance_v2.bastion",
  "openstack_compute_instance_v2.control_plane_0",
  "openstack_compute_instance_v2.worker_1",
])("%s on OVHcloud waits for the router, and is deleted before it", (address) => {
  expect(stack.at(address).depends_on).toContain(
    "openstack_networking_router_interface_v2.gateway",
  );
});

test("security groups on OVHcloud allow what the design says, and nothing else", () => {
  const reported = Object.entries(stack.all("openstack_networking_secgroup_rule_v2")).map(
    ([name, { protocol, port_range_min: port, remote_ip_prefix, remote_group_id, direction }]) =>
      `${name}: ${direction} ${protocol ?? "everything"} ${port ?? ""} from ${remote_ip_prefix ?? remote_group_id}`,
  );
  const group = (name: string) => `\${openstack_networking_secgroup_v2.${name}.id}`;
  expect(reported).toEqual([
    "kubernetes_from_network: ingress tcp 6443 from 172.16.4.0/22",
    `nodes_from_nodes: ingress everything  from ${group("nodes")}`,
    "ssh_from_192_0_2_0_25: ingress tcp 22 from 192.0.2.0/25",
    "ssh_from_203_0_113_7_32: ingress tcp 22 from 203.0.113.7/32",
    `talos_from_bastion: ingress tcp 50000 from ${group("bastion")}`,
  ]);
  expect(rule("kubernetes_from_network").security_group_id).toBe(group("control_planes"));
  expect(rule("ssh_from_203_0_113_7_32").security_group_id).toBe(group("bastion"));
});

test("a node on OVHcloud waits for the rules of nodes and control planes, and not for the bastion's", () => {
  const waitsFor: string[] = stack.at("openstack_compute_instance_v2.worker_1").depends_on;
  expect(waitsFor.filter((address) => address.includes("_rule_v2."))).toEqual(
    ["nodes_from_nodes", "talos_from_bastion", "kubernetes_from_network"].map(
      (name) => `openstack_networking_secgroup_rule_v2.${name}`,
    ),
  );
});

test("security groups on OVHcloud have the cluster's name, so that they can be told apart in a project", () => {
  const reported = Object.values(stack.all("openstack_networking_secgroup_v2"));
  expect(reported.map(({ name }) => name as string).sort()).toEqual([
    "demo-bastion",
    "demo-control-planes",
    "demo-nodes",
  ]);
});

test("every NIC on OVHcloud has a planned address and groups of its own: the project's default one is open", () => {
  const ports = stack.all("openstack_networking_port_v2");
  expect(Object.keys(ports)).toHaveLength(6);
  for (const port of Object.values(ports)) {
    expect(port.security_group_ids.length).toBeGreaterThan(0);
    expect(port.fixed_ip[0].subnet_id).toBe("${openstack_networking_subnet_v2.cluster.id}");
  }
  expect(ports["worker_0"].fixed_ip[0].ip_address).toBe("172.16.5.4");
  expect(ports["worker_0"].security_group_ids).toHaveLength(1);
  expect(ports["control_plane_0"].security_group_ids).toHaveLength(2);
});

test("only the API and the bastion have a public address on OVHcloud", () => {
  expect(Object.keys(stack.all("openstack_networking_floatingip_v2"))).toEqual(["api", "bastion"]);
  expect(Object.keys(stack.all("openstack_networking_floatingip_associate_v2"))).toEqual([
    "api",
    "bastion",
  ]);
});

test("the region on OVHcloud is the configuration's, whatever the environment says", () => {
  expect(stack.json.provider.openstack).toEqual([{ region: "EU-WEST-PAR", max_retries: 3 }]);
});

test("a replaced router or subnet on OVHcloud leaves nothing behind", () => {
  const follows = (address: string) => stack.at(address).lifecycle.replace_triggered_by;
  for (const name of ["api", "bastion"]) {
    expect(follows(`openstack_networking_floatingip_associate_v2.${name}`)).toEqual([
      "openstack_networking_router_interface_v2.gateway.id",
    ]);
  }
  expect(follows("openstack_networking_port_v2.worker_0")).toEqual([
    "openstack_networking_subnet_v2.cluster.id",
  ]);
});
