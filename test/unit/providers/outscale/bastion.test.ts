import { describe, expect, test } from "@jest/globals";
import { outscale } from "../../../support/clouds";
import { synthesized, values } from "../../../support/input";

const stack = synthesized(values(outscale.available, {}, outscale));
const server = stack.at("outscale_vm.bastion");

describe("the bastion on Outscale", () => {
  test("is in the public subnet, at its planned address, in its own group", () => {
    expect(server).toMatchObject({
      subnet_id: "${outscale_subnet.public.subnet_id}",
      private_ips: ["172.16.7.250"],
      security_group_ids: ["${outscale_security_group.bastion.security_group_id}"],
    });
  });

  test("keeps its public address when the machine is replaced, and gets it once it can be reached", () => {
    expect(stack.at("outscale_public_ip.bastion")).not.toHaveProperty("lifecycle");
    expect(stack.at("outscale_public_ip_link.bastion")).toEqual({
      public_ip_id: "${outscale_public_ip.bastion.public_ip_id}",
      vm_id: "${outscale_vm.bastion.vm_id}",
      depends_on: ["outscale_internet_service_link.internet"],
    });
  });

  test("is named in the console, with its address", () => {
    const named = [
      { key: "Name", value: "demo-bastion" },
      { key: "cluster", value: "demo" },
    ];
    expect(server.tags).toEqual(named);
    expect(stack.at("outscale_public_ip.bastion").tags).toEqual(named);
  });

  test("boots the document that has users, host key and forwarding; another one replaces it", () => {
    expect(server.user_data).toBe("${base64encode(local.bastion_user_data)}");
    expect(server.lifecycle.replace_triggered_by).toEqual(["terraform_data.bastion_boot.id"]);
  });

  test("uses the newest of Outscale's own images of that name, and ignores a newer one later", () => {
    expect(server.image_id).toBe("${data.outscale_image.bastion.image_id}");
    // Anyone can publish an image of that name.
    expect(stack.json.data.outscale_image.bastion).toEqual({
      filter: [
        { name: "account_aliases", values: ["Outscale"] },
        { name: "image_names", values: ["Ubuntu-24.04-*"] },
      ],
      most_recent: true,
    });
    expect(server.lifecycle.ignore_changes).toEqual(["image_id"]);
  });

  test("uses exactly the image whose id is configured, without a data source", () => {
    const pinned = synthesized(
      values({ ...outscale.available, bastion_image: "ami-0123abcd" }, {}, outscale),
    );
    expect(pinned.at("outscale_vm.bastion").image_id).toBe("ami-0123abcd");
    expect(pinned.json.data.outscale_image).not.toHaveProperty("bastion");
  });

  test("is ready to be logged in to when it has its address", () => {
    expect(stack.at("null_resource.tunnel").depends_on).toContain(
      "outscale_public_ip_link.bastion",
    );
  });
});
