import { expect, test } from "@jest/globals";
import { ovh } from "../../../support/clouds";
import { synthesized, values } from "../../../support/input";

const stack = synthesized(
  values(ovh.available, { admin_ip: ["203.0.113.7", "192.0.2.0/25"] }, ovh),
);

test("the API on OVHcloud allows admins, the network, and the router's IPv4 address, in the order that Octavia returns", () => {
  expect(stack.at("openstack_lb_listener_v2.api").allowed_cidrs).toBe(
    '${sort(distinct(concat(["192.0.2.0/25","203.0.113.7/32","172.16.4.0/22"], ' +
      "[for ip in openstack_networking_router_v2.gateway.external_fixed_ip[*].ip_address : " +
      '"${ip}/32" if !strcontains(ip, ":")])))}',
  );
});

test("a watch that is idle for minutes is not cut off on OVHcloud", () => {
  expect(stack.at("openstack_lb_listener_v2.api")).toMatchObject({
    timeout_client_data: 3_600_000,
    timeout_member_data: 3_600_000,
  });
});

test("the load balancer's members on OVHcloud are the control planes' planned addresses, so that a node's replacement does not change them", () => {
  const members = Object.entries(stack.all("openstack_lb_member_v2"));
  expect(members.map(([name, { address }]) => `${name} ${address}`)).toEqual([
    "control_plane_0 172.16.4.4",
    "control_plane_1 172.16.4.5",
    "control_plane_2 172.16.4.6",
  ]);
});

test("a slow creation on OVHcloud is waited for: a load balancer that timed out is recreated", () => {
  expect(stack.at("openstack_lb_loadbalancer_v2.api").timeouts).toEqual({
    create: "45m",
    delete: "20m",
  });
});

test("the health check on OVHcloud only opens a connection, since the API server refuses an anonymous request", () => {
  expect(stack.at("openstack_lb_monitor_v2.api").type).toBe("TCP");
});

test("Octavia keeps the groups of its own port", () => {
  expect(stack.at("openstack_lb_loadbalancer_v2.api")).not.toHaveProperty("security_group_ids");
});

test("the load balancer on OVHcloud is a small one, and its pool belongs to the filtered listener", () => {
  expect(stack.at("data.openstack_lb_flavor_v2.api").name).toBe("small");
  expect(stack.at("openstack_lb_pool_v2.api")).toMatchObject({
    listener_id: "${openstack_lb_listener_v2.api.id}",
    protocol: "TCP",
  });
});
