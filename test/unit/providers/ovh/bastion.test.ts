import { describe, expect, test } from "@jest/globals";
import { ovh } from "../../../support/clouds";
import { synthesized, values } from "../../../support/input";

const stack = synthesized(values(ovh.available, {}, ovh));
const server = stack.at("openstack_compute_instance_v2.bastion");

describe("the bastion on OVHcloud", () => {
  test("has one NIC, with its planned address and its own group", () => {
    expect(server.network).toEqual([{ port: "${openstack_networking_port_v2.bastion.id}" }]);
    expect(stack.at("openstack_networking_port_v2.bastion")).toMatchObject({
      fixed_ip: [{ ip_address: "172.16.7.250" }],
      security_group_ids: ["${openstack_networking_secgroup_v2.bastion.id}"],
    });
  });

  test("keeps its public address when the machine is replaced: it is the NIC's", () => {
    expect(stack.at("openstack_networking_floatingip_associate_v2.bastion")).toMatchObject({
      floating_ip: "${openstack_networking_floatingip_v2.bastion.address}",
      port_id: "${openstack_networking_port_v2.bastion.id}",
    });
  });

  test("is named in the console, with its cluster and role", () => {
    expect(server.name).toBe("demo-bastion");
    expect(server.metadata).toEqual({ cluster: "demo", role: "bastion" });
  });

  test("boots the document that has users, host key and forwarding, once the router exists", () => {
    expect(server.user_data).toBe("${local.bastion_user_data}");
    expect(server.lifecycle.replace_triggered_by).toEqual(["terraform_data.bastion_boot.id"]);
    expect(server.depends_on).toEqual(["openstack_networking_router_interface_v2.gateway"]);
  });

  test("uses the newest of OVH's own images of that name, and ignores a newer one later", () => {
    expect(server.image_id).toBe("${data.openstack_images_image_v2.bastion.id}");
    expect(stack.json.data.openstack_images_image_v2.bastion).toEqual({
      name: "Ubuntu 24.04",
      visibility: "public",
      most_recent: true,
    });
    expect(server.lifecycle.ignore_changes).toEqual(["image_id"]);
  });
});
