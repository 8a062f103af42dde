import { describe, expect, test } from "@jest/globals";
import type { CloudName } from "../../constructs/model/cluster-spec";
import { testClouds } from "../support/clouds";
import { publicKey, type Stack, synthesized } from "../support/input";
import { policies } from "./policies";

function stackOf(cloud: (typeof testClouds)[number]): Stack {
  return synthesized({
    cluster_name: "demo",
    admin_ip: ["203.0.113.7", "198.51.100.0/24"],
    bastion_ssh_keys: { [cloud.name]: publicKey },
    node_distribution: { [cloud.name]: cloud.available },
  });
}

describe.each(testClouds)("policies on $name", (cloud) => {
  test.each(policies)("$title", ({ against }) => {
    expect(against(stackOf(cloud))).toEqual([]);
  });
});

const node: Readonly<Record<CloudName, string>> = {
  scaleway: "scaleway_instance_server.worker_0",
  ovh: "openstack_compute_instance_v2.worker_0",
  outscale: "outscale_vm.worker_0",
};

type Changed = [policy: string, cloud: CloudName, change: (stack: Stack) => void];

/** What each policy must find. */
const changed: Changed[] = [
  ["no node has", "scaleway", (stack) => (stack.at(node.scaleway)["ip_id"] = "x")],
  [
    "no node has",
    "outscale",
    (stack) => {
      stack.all("outscale_public_ip_link")["x"] = { vm_id: "${outscale_vm.worker_0.vm_id}" };
    },
  ],
  [
    "0.0.0.0/0 is",
    "scaleway",
    (stack) => (stack.at("scaleway_lb_frontend.api")["acl"][3].action.type = "allow"),
  ],
  [
    "0.0.0.0/0 is",
    "ovh",
    (stack) => {
      const [rule] = Object.values(stack.all("openstack_networking_secgroup_rule_v2"));
      rule.remote_ip_prefix = "0.0.0.0/0";
    },
  ],
  [
    "Talos's port",
    "outscale",
    (stack) => (stack.at("outscale_load_balancer.api")["listeners"][0].backend_port = 50000),
  ],
  ["who is not", "scaleway", (stack) => (stack.at("scaleway_lb_frontend.api")["acl"].length = 3)],
  [
    "who is not",
    "ovh",
    (stack) => delete stack.at("openstack_lb_listener_v2.api")["allowed_cidrs"],
  ],
  [
    "who is not",
    "outscale",
    (stack) => (stack.at("outscale_load_balancer.api")["security_groups"] = []),
  ],
  [
    "an image is",
    "scaleway",
    (stack) => delete stack.at("data.scaleway_instance_image.nodes_fr_par_1")["project_id"],
  ],
  [
    "an image is",
    "ovh",
    (stack) => delete stack.at("data.openstack_images_image_v2.bastion")["visibility"],
  ],
  [
    "an image is",
    "outscale",
    (stack) => (stack.at("data.outscale_image.nodes")["filter"] as unknown[]).splice(0, 1),
  ],
  [
    "an expression calls",
    "scaleway",
    (stack) => (stack.at(node.scaleway)["image"] = 'fr-par-1/${trimspace(file("/etc/passwd"))}'),
  ],
  [
    "an expression calls",
    "ovh",
    (stack) => (stack.at(node.ovh)["name"] = "%{ if true }x%{ endif }"),
  ],
  ...(["scaleway", "ovh", "outscale"] as const).map((cloud): Changed => [
    "a node's image",
    cloud,
    (stack) => (stack.at(node[cloud])["lifecycle"].ignore_changes.length = 1),
  ]),
  [
    "a load balancer has",
    "ovh",
    (stack) => delete stack.at("openstack_lb_loadbalancer_v2.api")["timeouts"],
  ],
  [
    "a load balancer has",
    "scaleway",
    (stack) => (stack.at("scaleway_lb_backend.api")["timeout_server"] = "30s"),
  ],
  ["an output that", "ovh", ({ json }) => delete json["output"].kubeconfig.sensitive],
  [
    "a file that",
    "ovh",
    (stack) => (stack.at("local_sensitive_file.kubeconfig")["file_permission"] = "0644"),
  ],
  [
    "the bastion's host key",
    "ovh",
    ({ json }) => delete json["locals"].bastion_cloud_init.ssh_keys,
  ],
  [
    "the bastion's host key",
    "scaleway",
    (stack) => (stack.at("local_file.known_hosts")["content"] = "x"),
  ],
  [
    "no secret",
    "outscale",
    ({ json }) => (json["locals"].key = "-----BEGIN OPENSSH PRIVATE KEY-----"),
  ],
];

test.each(changed)('the policy "%s…" is violated where %s breaks it', (title, name, change) => {
  const cloud = testClouds.find((one) => one.name === name);
  const policy = policies.find((one) => one.title.startsWith(title));
  if (cloud === undefined || policy === undefined) throw new Error(`there is no ${title}, ${name}`);
  const stack = stackOf(cloud);
  change(stack);
  expect(policy.against(stack)).not.toEqual([]);
});

test("every policy was violated by some row", () => {
  const found = (title: string) => changed.some(([start]) => title.startsWith(start));
  expect(policies.filter(({ title }) => !found(title))).toEqual([]);
});
