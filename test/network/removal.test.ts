import { afterAll, describe, expect, test } from "@jest/globals";
import type { CloudName } from "../../constructs/model/cluster-spec";
import { guarantees } from "../../src/cli/explain/guarantees";
import { testClouds } from "../support/clouds";
import { publicKey, synthesized, type Values } from "../support/input";
import { broken, explained } from "./explained";
import {
  also,
  bastionFile,
  both,
  everyRule,
  patched,
  type Removal,
  set,
  without,
} from "./removals";

const titles = {
  publicNode: "No node has a public address.",
  internet: "From the internet nothing is reached.",
  admin: "An admin reaches the bastion (SSH) and the API load balancer, and gets an answer.",
  adminElse: "An admin reaches nothing else.",
  onlyApi: "Only Kubernetes's API is behind the load balancer.",
  balancer: "The load balancer has every control plane behind it, and reaches it.",
  api: "Every node, and every pod, reaches the API by its public address and without it.",
  nat: "Nodes go out through the NAT gateway, and only there.",
  gateway: "The NAT gateway answers no connection.",
  bastion:
    "The bastion reaches the Talos API of every node, and Kubernetes's of every control plane.",
  bastionElse:
    "The bastion reaches nothing else on a node: no kubelet, no VXLAN, no trustd and no etcd.",
  neighbour:
    "A neighbour on the network reaches no node, except the API where the load balancer's own address may be.",
  metadata: "No node and no pod reaches the cloud's metadata service.",
  login: "Only an admin logs in to the bastion; no machine of the cluster does.",
  etcd: "Only control planes reach etcd.",
  peers: "Control planes reach one another's etcd.",
  nodes:
    "Nodes reach one another: Talos API, kubelet and the CNI's ports, and trustd of control planes.",
  else: "On a node nothing else is reached, from wherever.",
  boot: "Every machine comes up with its configuration, its address and a way out.",
};

/** Given for what ingress_rules opens; broken in ingress-rules.test.ts. */
const ofRules = "What ingress_rules opens is reached, from where it says.";

test("these are the guarantees", () => {
  const all = [...Object.values(titles), ofRules];
  expect(guarantees.map(({ title }) => title).sort()).toEqual(all.sort());
});

const everywhere = "0.0.0.0/0";

/** What breaks each guarantee, on every cloud. */
const anywhere: [Removal, string][] = [
  [
    patched("etcd open to the network", (patch) =>
      patch["name"] === "etcd" ? [{ ...patch, ingress: [{ subnet: everywhere }] }] : [patch],
    ),
    titles.etcd,
  ],
  [
    patched("a rule for a port that nobody needs", (patch) =>
      patch["name"] === "apid"
        ? [patch, { ...patch, name: "x", portSelector: { ports: [10259], protocol: "tcp" } }]
        : [patch],
    ),
    titles.else,
  ],
];

/** What breaks it where the cloud's metadata service answers every machine. */
const openMetadata: [Removal, string][] = [
  [
    patched("without the route that closes the metadata service", (patch) =>
      patch["kind"] === "BlackholeRouteConfig" ? [] : [patch],
    ),
    titles.metadata,
  ],
  [
    patched("a metric behind that of DHCP's route to the metadata service", (patch) =>
      patch["kind"] === "BlackholeRouteConfig" ? [{ ...patch, metric: 1024 }] : [patch],
    ),
    titles.metadata,
  ],
];

/** Widens what one rule of Talos's firewall allows to the whole private network. */
const fromNetwork = (rule: string) =>
  patched(`${rule} open to the private network`, (patch) =>
    patch["name"] === rule ? [{ ...patch, ingress: [{ subnet: "172.16.4.0/22" }] }] : [patch],
  );

const rule = { direction: "ingress", ethertype: "IPv4" };
const ofCloud: Readonly<Record<CloudName, readonly [Removal, string][]>> = {
  scaleway: [
    // The other clouds' rules filter private traffic, too: there it is the second barrier of two.
    [bastionFile("without sshd's own settings", "10-bastion.conf", () => undefined), titles.login],
    ...["kubelet", "vxlan", "trustd", "etcd"].map((name): [Removal, string] => [
      fromNetwork(name),
      titles.bastionElse,
    ]),
    ...["apid", "kubelet", "vxlan", "trustd", "kube-apiserver", "etcd"].map(
      (name): [Removal, string] => [fromNetwork(name), titles.neighbour],
    ),
    [set("scaleway_instance_server.worker_0", { enable_dynamic_ip: true }), titles.publicNode],
    [
      set("scaleway_instance_security_group.bastion", { inbound_default_policy: "accept" }),
      titles.internet,
    ],
    [set("scaleway_lb_frontend.api", { inbound_port: 50000 }), titles.onlyApi],
    [set("scaleway_lb_backend.api", { forward_port: 50000 }), titles.onlyApi],
    [set("scaleway_lb_backend.api", { server_ips: ["172.16.4.4"] }), titles.balancer],
    [set("scaleway_vpc_public_gateway.gateway", { bastion_enabled: true }), titles.gateway],
    [set("scaleway_vpc_gateway_network.gateway", { enable_masquerade: false }), titles.nat],
    [
      {
        name: "without a default route in DHCP",
        change: (stack) => {
          stack.at("scaleway_vpc_gateway_network.gateway")["ipam_config"][0].push_default_route =
            false;
        },
      },
      titles.nat,
    ],
    // The answer to an admin would leave through the gateway.
    [bastionFile("without the private side's settings", ".network", () => undefined), titles.admin],
    // A lease from before there was a default route.
    [
      {
        name: "without waiting for the gateway",
        change: (stack) => {
          for (const nic of Object.values(stack.all("scaleway_instance_private_nic"))) {
            nic.depends_on = [];
          }
        },
      },
      titles.boot,
    ],
  ],
  ovh: [
    ...openMetadata,
    [
      also("openstack_networking_floatingip_associate_v2.worker_0", {
        floating_ip: "${openstack_networking_floatingip_v2.bastion.address}",
        port_id: "${openstack_networking_port_v2.worker_0.id}",
        depends_on: ["openstack_networking_router_interface_v2.gateway"],
      }),
      titles.publicNode,
    ],
    [set("openstack_lb_listener_v2.api", { allowed_cidrs: null }), titles.internet],
    [set("openstack_lb_listener_v2.api", { allowed_cidrs: ["203.0.113.7/32"] }), titles.api],
    [set("openstack_lb_listener_v2.api", { protocol_port: 50000 }), titles.onlyApi],
    [set("openstack_lb_member_v2.control_plane_0", { protocol_port: 50000 }), titles.onlyApi],
    [without("openstack_lb_member_v2.control_plane_1"), titles.balancer],
    [without("openstack_networking_floatingip_associate_v2.bastion"), titles.admin],
    [
      also("openstack_networking_secgroup_rule_v2.x", {
        ...rule,
        security_group_id: "${openstack_networking_secgroup_v2.bastion.id}",
      }),
      titles.internet,
    ],
  ],
  outscale: [
    ...openMetadata,
    [
      both(
        also("outscale_public_ip.worker_0", {}),
        also("outscale_public_ip_link.worker_0", {
          public_ip_id: "${outscale_public_ip.worker_0.public_ip_id}",
          vm_id: "${outscale_vm.worker_0.vm_id}",
        }),
      ),
      titles.publicNode,
    ],
    [without("outscale_route.private"), titles.nat],
    [without("outscale_route_table_link.private_eu_west_2a"), titles.nat],
    [
      also("outscale_security_group_rule.x", {
        flow: "Inbound",
        security_group_id: "${outscale_security_group.bastion.security_group_id}",
        ip_protocol: "tcp",
        from_port_range: 1,
        to_port_range: 60000,
        ip_range: everywhere,
      }),
      titles.internet,
    ],
    [set("outscale_load_balancer_vms.api", { backend_vm_ids: [] }), titles.balancer],
  ],
};

/**
 * One rule is for a path that nothing needs today: to the load balancer by its private address.
 * What it allows reaches the same API without it, by the control planes' own addresses.
 */
const isMissed = ({ name }: Removal) => name !== "without scaleway_lb_frontend.api acl[2]";

const seen = new Set<string>();
const nodes = { control_planes: 3, workers: 2 };

describe.each(testClouds)("guarantees on $name", (cloud) => {
  const given: Values = {
    cluster_name: "demo",
    admin_ip: ["203.0.113.7", "198.51.100.0/24"],
    bastion_ssh_keys: { [cloud.name]: publicKey },
    node_distribution: { [cloud.name]: { ...cloud.single, ...nodes } },
  };
  const stack = synthesized(given);

  test("hold in the unchanged configuration", async () => {
    expect(broken(await explained(given))).toEqual({});
  });

  test.each(
    everyRule(stack)
      .filter(isMissed)
      .map((removal) => [removal.name, removal] as const),
  )("break, at least one of them, %s", async (_, { change }) => {
    const found = broken(await explained(given, change));
    for (const title of Object.keys(found)) seen.add(title);
    expect(Object.keys(found)).not.toEqual([]);
  });

  const known = [...anywhere, ...ofCloud[cloud.name]];
  test.each(known.map(([removal, title]) => [removal.name, title, removal] as const))(
    "break %s: %s",
    async (_, title, { change }) => {
      const found = broken(await explained(given, change));
      for (const one of Object.keys(found)) seen.add(one);
      expect(Object.keys(found)).toContain(title);
    },
  );
});

afterAll(() => {
  // A guarantee that nothing can break is worthless.
  expect([...seen].sort()).toEqual(Object.values(titles).sort());
});
