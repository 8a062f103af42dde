import { describe, expect, test } from "@jest/globals";
import { outscale } from "../../../support/clouds";
import { synthesized, values } from "../../../support/input";

const stack = synthesized(values({ ...outscale.available, root_volume_gb: 150 }, {}, outscale));
const nodes = Object.entries(stack.all("outscale_vm")).filter(([name]) => name !== "bastion");

describe("a node on Outscale", () => {
  test("boots its own machine configuration, encoded as Outscale expects it", () => {
    expect(nodes).toHaveLength(5);
    for (const [name, node] of nodes) {
      expect(node.user_data).toBe(
        `\${base64encode(data.talos_machine_configuration.${name}.machine_configuration)}`,
      );
    }
  });

  test("has one planned address, in the private subnet of its subregion", () => {
    expect(nodes.map(([name, vm]) => `${name} ${vm.private_ips} ${vm.subnet_id}`)).toEqual([
      "control_plane_0 172.16.4.4 ${outscale_subnet.private_eu_west_2a.subnet_id}",
      "control_plane_1 172.16.5.5 ${outscale_subnet.private_eu_west_2b.subnet_id}",
      "control_plane_2 172.16.6.6 ${outscale_subnet.private_eu_west_2c.subnet_id}",
      "worker_0 172.16.4.32 ${outscale_subnet.private_eu_west_2a.subnet_id}",
      "worker_1 172.16.5.33 ${outscale_subnet.private_eu_west_2b.subnet_id}",
    ]);
    for (const [, node] of nodes) {
      expect(node).not.toHaveProperty("nics");
      expect(node).not.toHaveProperty("primary_nic");
    }
  });

  test("has no public address", () => {
    expect(Object.keys(stack.all("outscale_public_ip_link"))).toEqual(["bastion"]);
  });

  test("ignores a newer image and a renewed certificate: either would stop all nodes", () => {
    for (const [, { lifecycle }] of nodes) {
      expect(lifecycle.ignore_changes).toEqual(["image_id", "user_data"]);
    }
  });

  test("that stays stopped for lack of capacity fails the apply: the provider only warns", () => {
    const [postcondition] = stack.at("outscale_vm.worker_1").lifecycle.postcondition;
    expect(postcondition.condition).toBe('${self.state == "running"}');
    expect(postcondition.error_message).toContain(
      "worker-1 is ${self.state}, as a VM is when eu-west-2b has no capacity left for tinav6.c4r8p2",
    );
  });

  test("has a disk of the configured size, which is deleted with it", () => {
    expect(stack.at("outscale_vm.worker_0").block_device_mappings).toEqual([
      {
        device_name: "/dev/sda1",
        bsu: { volume_size: 150, volume_type: "gp2", delete_on_vm_deletion: true },
      },
    ]);
  });

  test("uses time servers that are reachable", () => {
    expect(stack.patches("worker_0")).toContainEqual({
      machine: { time: { servers: ["0.pool.ntp.org", "1.pool.ntp.org"] } },
    });
  });
});

describe("an image on Outscale", () => {
  const image_id = "ami-1a2b3c4d";

  test("configured by its id needs no data source", () => {
    const byId = synthesized(
      values({ image_name: undefined, image_id, bastion_image: "ami-00000001" }, {}, outscale),
    );
    expect(byId.at("outscale_vm.control_plane_0").image_id).toBe(image_id);
    expect(byId.at("outscale_vm.bastion").image_id).toBe("ami-00000001");
    expect(byId.all("outscale_image")).toEqual({});
  });

  test("has the configured name, whatever it contains", () => {
    const odd = synthesized(values({ image_name: "talos ${1 + 1}" }, {}, outscale));
    expect(odd.at("data.outscale_image.nodes").filter).toEqual([
      { name: "account_ids", values: ["${data.outscale_account.account.account_id}"] },
      { name: "image_names", values: ["talos $${1 + 1}"] },
    ]);
  });

  test("of the bastion is one of Outscale's own: anyone can publish one of that name", () => {
    expect(stack.at("data.outscale_image.bastion").filter).toEqual([
      { name: "account_aliases", values: ["Outscale"] },
      { name: "image_names", values: ["Ubuntu-24.04-*"] },
    ]);
  });
});

test("the bastion's address is linked by its id: an update of the address's tags must not replace the link", () => {
  const link = stack.at("outscale_public_ip_link.bastion");
  expect(link.public_ip_id).toBe("${outscale_public_ip.bastion.public_ip_id}");
  expect(link).not.toHaveProperty("public_ip");
});
