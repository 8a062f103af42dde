import { describe, expect, test } from "@jest/globals";
import { available, synthesized, values } from "../../../support/input";

const stack = synthesized(
  values(available, { admin_ip: ["203.0.113.9", "198.51.100.0/24", "203.0.113.8"] }),
);

describe("the API on Scaleway", () => {
  const acl: { action: { type: string }; match: { ip_subnet: string[] } }[] = stack.at(
    "scaleway_lb_frontend.api",
  ).acl;

  test("is reachable only from admin_ip, the nodes' NAT address and the private network", () => {
    expect(acl.map(({ action, match }) => `${action.type} ${match.ip_subnet.join(" ")}`)).toEqual([
      "allow 198.51.100.0/24 203.0.113.8/31",
      "allow ${scaleway_vpc_public_gateway_ip.gateway.address}/32",
      "allow 172.16.4.0/22",
      "deny 0.0.0.0/0",
    ]);
  });

  test("has rules without descriptions, which every plan would show as changes", () => {
    for (const rule of acl) expect(rule).not.toHaveProperty("description");
  });

  test("answers on 6443 only: Talos's API is behind no load balancer", () => {
    expect(Object.keys(stack.all("scaleway_lb_frontend"))).toEqual(["api"]);
    expect(stack.at("scaleway_lb_frontend.api").inbound_port).toBe(6443);
    expect(stack.at("scaleway_lb_backend.api").forward_port).toBe(6443);
    for (const type of ["scaleway_lb", "scaleway_lb_frontend", "scaleway_lb_backend"]) {
      expect(JSON.stringify(stack.all(type))).not.toContain("50000");
    }
  });
});

describe("the load balancer on Scaleway", () => {
  const backend = stack.at("scaleway_lb_backend.api");

  test("forwards to the control planes by their planned addresses, never to a worker", () => {
    expect(backend.server_ips).toEqual(["172.16.4.4", "172.16.4.5", "172.16.4.6"]);
  });

  test("checks health by TCP, since the API answers an anonymous request with 401", () => {
    expect(backend).toMatchObject({ health_check_tcp: {}, health_check_port: 6443 });
    expect(backend).not.toHaveProperty("health_check_https");
  });

  test("does not cut off a watch that is idle for minutes", () => {
    expect(backend).toMatchObject({ timeout_server: "10m", timeout_tunnel: "1h" });
    expect(stack.at("scaleway_lb_frontend.api").timeout_client).toBe("10m");
  });

  test("keeps its public address when it is replaced with the network", () => {
    const balancer = stack.at("scaleway_lb.api");
    expect(balancer.lifecycle.replace_triggered_by).toEqual([
      "scaleway_vpc_private_network.cluster.id",
    ]);
    expect(balancer.ip_ids).toEqual(["${scaleway_lb_ip.api.id}"]);
    expect(stack.at("scaleway_lb_ip.api")).not.toHaveProperty("lifecycle");
  });

  test("is attached to the private network at its reserved address", () => {
    expect(stack.at("scaleway_lb.api").private_network).toEqual([
      {
        private_network_id: "${scaleway_vpc_private_network.cluster.id}",
        ipam_ids: ["${scaleway_ipam_ip.api.id}"],
      },
    ]);
  });
});
