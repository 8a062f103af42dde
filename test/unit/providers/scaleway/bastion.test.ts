import { describe, expect, test } from "@jest/globals";
import { synthesized, values } from "../../../support/input";

const stack = synthesized(
  values({ bastion_instance_type: "PLAY2-PICO" }, { admin_ip: ["203.0.113.7", "198.51.100.0/24"] }),
);
const server = stack.at("scaleway_instance_server.bastion");

describe("the bastion on Scaleway", () => {
  test("allows SSH from admin_ip, and nothing else", () => {
    const group = stack.at("scaleway_instance_security_group.bastion");
    expect(server.security_group_id).toBe("${scaleway_instance_security_group.bastion.id}");
    expect(group.inbound_default_policy).toBe("drop");
    expect(group.inbound_rule).toEqual(
      ["198.51.100.0/24", "203.0.113.7/32"].map((ip_range) => ({
        action: "accept",
        protocol: "TCP",
        port: 22,
        ip_range,
      })),
    );
  });

  test("keeps its public address when the machine is replaced", () => {
    expect(server.ip_id).toBe("${scaleway_instance_ip.bastion.id}");
    expect(stack.at("scaleway_instance_ip.bastion")).not.toHaveProperty("lifecycle");
  });

  test("is the configured machine, and ignores a newer image", () => {
    expect(server).toMatchObject({ type: "PLAY2-PICO", image: "ubuntu_noble" });
    expect(server.lifecycle.ignore_changes).toEqual(["image"]);
    expect(server.root_volume).toEqual({ volume_type: "sbs_volume", size_in_gb: 10 });
  });

  test("boots the document that has users, host key and forwarding", () => {
    expect(server.user_data).toEqual({
      "cloud-init": "${local.bastion_user_data}",
    });
  });

  test("ignores the default route of its private NIC: answers to SSH leave by the public one", () => {
    const files: { path: string; content: string }[] =
      stack.json.locals.bastion_cloud_init.write_files;
    const network = files.find(({ path }) => path.endsWith(".network"))?.content;
    expect(network?.split("\n")).toEqual(
      expect.arrayContaining(["DHCP=ipv4", "UseRoutes=no", "UseGateway=no", "UseDNS=no"]),
    );
    const rule = files.find(({ path }) => path.endsWith(".rules"))?.content;
    expect(rule).toContain('ATTR{address}=="02:00:00:*"');
  });
});
