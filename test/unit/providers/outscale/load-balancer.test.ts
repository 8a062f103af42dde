import { expect, test } from "@jest/globals";
import { outscale } from "../../../support/clouds";
import { synthesized, values } from "../../../support/input";

const stack = synthesized(values(outscale.available, {}, outscale));

test("the API's address on Outscale has no tags and no timeouts: any update of it would make every machine configuration unknown", () => {
  expect(stack.at("outscale_public_ip.api")).toEqual({});
});

test("the endpoint on Outscale is the cluster's own public address, not the load balancer's name", () => {
  expect(stack.at("outscale_load_balancer.api")).toMatchObject({
    load_balancer_name: "demo-api",
    load_balancer_type: "internet-facing",
    public_ip: "${outscale_public_ip.api.public_ip}",
    subnets: ["${outscale_subnet.public.subnet_id}"],
    timeouts: { create: "45m", delete: "15m" },
  });
  expect(stack.text).not.toContain("dns_name");
});

test("the health check on Outscale has every figure: an omitted one is sent as 0", () => {
  expect(stack.at("outscale_load_balancer_attributes.api").health_check).toEqual({
    protocol: "TCP",
    port: 6443,
    check_interval: 10,
    timeout: 5,
    healthy_threshold: 2,
    unhealthy_threshold: 3,
  });
});

test("health check and machines on Outscale are set again with a recreated load balancer: its name is its id", () => {
  const lifecycle = { replace_triggered_by: ["outscale_load_balancer.api.id"] };
  expect(stack.at("outscale_load_balancer_attributes.api").lifecycle).toEqual(lifecycle);
  expect(stack.at("outscale_load_balancer_vms.api").lifecycle).toEqual(lifecycle);
});

test("the load balancer on Outscale forwards to the control planes, and to no worker", () => {
  expect(stack.at("outscale_load_balancer_vms.api").backend_vm_ids).toEqual(
    [0, 1, 2].map((index) => `\${outscale_vm.control_plane_${index}.vm_id}`),
  );
});

test("the load balancer on Outscale listens only on Kubernetes's port, filtered by its own security group", () => {
  const balancer = stack.at("outscale_load_balancer.api");
  expect(balancer.security_groups).toEqual(["${outscale_security_group.api.security_group_id}"]);
  expect(balancer.listeners).toEqual([
    {
      load_balancer_port: 6443,
      load_balancer_protocol: "TCP",
      backend_port: 6443,
      backend_protocol: "TCP",
    },
  ]);
});
