import { describe, expect, test } from "@jest/globals";
import { available, synthesized, values } from "../../../support/input";

const stack = synthesized(values({ ...available, root_volume_gb: 40 }));
interface Server {
  readonly zone: string;
  readonly [attribute: string]: unknown;
}
const nodes: [string, Server][] = Object.entries(stack.all("scaleway_instance_server")).filter(
  ([name]) => name !== "bastion",
);

describe("a node on Scaleway", () => {
  test("never has a public address", () => {
    expect(nodes).toHaveLength(5);
    for (const [, node] of nodes) {
      for (const attribute of ["ip_id", "ip_ids", "enable_dynamic_ip", "public_ips"]) {
        expect(node).not.toHaveProperty(attribute);
      }
    }
    expect(Object.keys(stack.all("scaleway_instance_ip"))).toEqual(["bastion"]);
  });

  test("boots its own machine configuration", () => {
    for (const [name, node] of nodes) {
      expect(node.user_data).toEqual({
        "cloud-init": `\${data.talos_machine_configuration.${name}.machine_configuration}`,
      });
    }
  });

  test("ignores a newer image and a renewed certificate", () => {
    for (const [, node] of nodes) {
      expect(node.lifecycle).toEqual({ ignore_changes: ["image", "user_data"] });
    }
  });

  test("is in its zone, with that zone's image, security group and NIC", () => {
    expect(nodes.map(([name, { zone }]) => `${name} ${zone}`)).toEqual([
      "control_plane_0 fr-par-1",
      "control_plane_1 fr-par-2",
      "control_plane_2 fr-par-1",
      "worker_0 fr-par-1",
      "worker_1 fr-par-2",
    ]);
    for (const [name, { zone, image, security_group_id }] of nodes) {
      const group = `nodes_${zone.replaceAll("-", "_")}`;
      expect(image).toBe(`\${data.scaleway_instance_image.${group}.id}`);
      expect(security_group_id).toBe(`\${scaleway_instance_security_group.${group}.id}`);
      expect(stack.at(`scaleway_instance_private_nic.${name}`).zone).toBe(zone);
    }
  });

  test("is named by its cluster, role and index", () => {
    expect(stack.at("scaleway_instance_server.worker_1")).toMatchObject({
      name: "demo-worker-1",
      type: "DEV1-L",
      tags: ["cluster=demo", "role=worker"],
      root_volume: { volume_type: "sbs_volume", size_in_gb: 40 },
    });
  });
});

describe("a zone with nodes on Scaleway", () => {
  test("is searched once for the project's own image of that name", () => {
    const own = {
      name: "talos-v1.14.1",
      architecture: "x86_64",
      project_id: "${data.scaleway_account_project.account.project_id}",
    };
    expect(stack.all("scaleway_instance_image")).toMatchObject({
      nodes_fr_par_1: { ...own, zone: "fr-par-1" },
      nodes_fr_par_2: { ...own, zone: "fr-par-2" },
    });
    expect(Object.keys(stack.all("scaleway_instance_image"))).toHaveLength(2);
  });

  test("has a security group that allows nothing, in case a node gets a public address", () => {
    for (const zone of ["fr-par-1", "fr-par-2"]) {
      const group = stack.at(`scaleway_instance_security_group.nodes_${zone.replaceAll("-", "_")}`);
      expect(group).toMatchObject({ zone, inbound_default_policy: "drop" });
      expect(group).not.toHaveProperty("inbound_rule");
    }
  });
});

describe("an image on Scaleway", () => {
  const id = "fr-par-1/11111111-2222-4333-8444-555555555555";

  test("configured by its id needs no data source", () => {
    const byId = synthesized(values({ image_name: undefined, image_id: id }));
    expect(byId.at("scaleway_instance_server.control_plane_0").image).toBe(id);
    expect(byId.all("scaleway_instance_image")).toEqual({});
  });

  test("has the configured name, whatever it contains", () => {
    const odd = synthesized(values({ image_name: "talos ${1 + 1}", bastion_image: "u%{if a}" }));
    expect(odd.at("data.scaleway_instance_image.nodes_fr_par_1").name).toBe("talos $${1 + 1}");
    expect(odd.at("scaleway_instance_server.bastion").image).toBe("u%%{if a}");
  });
});
