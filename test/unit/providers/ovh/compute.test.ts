import { describe, expect, test } from "@jest/globals";
import { ovh } from "../../../support/clouds";
import { synthesized, values } from "../../../support/input";

const stack = synthesized(values(ovh.available, {}, ovh));
const servers = Object.entries(stack.all("openstack_compute_instance_v2"));
const nodes = servers.filter(([name]) => name !== "bastion");

describe("a node on OVHcloud", () => {
  test("boots its own machine configuration from a disk, before any network is up", () => {
    expect(nodes).toHaveLength(5);
    for (const [name, node] of nodes) {
      expect(node.config_drive).toBe(true);
      expect(node.user_data).toBe(
        `\${data.talos_machine_configuration.${name}.machine_configuration}`,
      );
    }
  });

  test("has only the NIC that was created for it", () => {
    for (const [name, node] of nodes) {
      expect(node.network).toEqual([{ port: `\${openstack_networking_port_v2.${name}.id}` }]);
      expect(node).not.toHaveProperty("security_groups");
    }
  });

  test("ignores a newer image, which would wipe it, and a renewed certificate", () => {
    for (const [, node] of nodes) {
      expect(node.lifecycle).toEqual({ ignore_changes: ["image_id", "user_data"] });
    }
  });

  test("is in its zone", () => {
    expect(nodes.map(([name, { availability_zone: zone }]) => `${name} ${zone}`)).toEqual([
      "control_plane_0 eu-west-par-a",
      "control_plane_1 eu-west-par-b",
      "control_plane_2 eu-west-par-c",
      "worker_0 eu-west-par-a",
      "worker_1 eu-west-par-b",
    ]);
  });

  test("is on another host than its peers: control planes always, workers where possible", () => {
    const group = (name: string) => stack.at(`openstack_compute_servergroup_v2.${name}`).policies;
    expect(group("control_planes")).toEqual(["anti-affinity"]);
    expect(group("workers")).toEqual(["soft-anti-affinity"]);
    const { scheduler_hints: hints } = stack.at("openstack_compute_instance_v2.worker_1");
    expect(hints).toEqual([{ group: "${openstack_compute_servergroup_v2.workers.id}" }]);
  });
});

test("workers on OVHcloud are in groups of ten, and another one moves none to another group", () => {
  const groupOf = (workers: number, name: string) =>
    synthesized(values({ ...ovh.available, workers }, {}, ovh)).at(
      `openstack_compute_instance_v2.${name}`,
    ).scheduler_hints[0].group;
  expect(groupOf(11, "worker_9")).toBe("${openstack_compute_servergroup_v2.workers.id}");
  expect(groupOf(11, "worker_10")).toBe("${openstack_compute_servergroup_v2.workers_1.id}");
  expect(groupOf(12, "worker_9")).toBe(groupOf(10, "worker_9"));
});

test("a machine type on OVHcloud that is too small fails the plan, with what is needed", () => {
  const postcondition = (name: string) =>
    stack.at(`data.openstack_compute_flavor_v2.${name}`).lifecycle.postcondition[0];
  expect(postcondition("control_planes").condition).toBe("${self.ram >= 4000 && self.disk >= 10}");
  expect(postcondition("workers").condition).toBe("${self.ram >= 2000 && self.disk >= 10}");
  expect(postcondition("bastion").error_message).toContain("c3-4 has ${self.ram} MB of memory");
});

describe("an image on OVHcloud", () => {
  const image_id = "11111111-2222-4333-8444-555555555555";

  test("configured by its id needs no data source", () => {
    const byId = synthesized(values({ image_name: undefined, image_id }, {}, ovh));
    expect(byId.at("openstack_compute_instance_v2.control_plane_0").image_id).toBe(image_id);
    expect(Object.keys(byId.all("openstack_images_image_v2"))).toEqual(["bastion"]);
  });

  test("has the configured name, whatever it contains", () => {
    const odd = synthesized(
      values({ image_name: "talos ${1 + 1}", bastion_image: "u%{if a}" }, {}, ovh),
    );
    expect(odd.at("data.openstack_images_image_v2.nodes").name).toBe("talos $${1 + 1}");
    expect(odd.at("data.openstack_images_image_v2.bastion").name).toBe("u%%{if a}");
  });
});

test("of the bastion is one of OVHcloud's own", () => {
  expect(stack.at("data.openstack_images_image_v2.bastion")).toMatchObject({
    name: "Ubuntu 24.04",
    visibility: "public",
  });
});
