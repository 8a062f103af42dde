import { describe, expect, test } from "@jest/globals";
import { available, type Json, synthesized, values } from "../../../support/input";

const stack = synthesized(values({ ...available, zone: "fr-par-2" }));

describe("the private network on Scaleway", () => {
  test("is the one of the input, in a VPC of its own", () => {
    expect(stack.at("scaleway_vpc_private_network.cluster")).toMatchObject({
      vpc_id: "${scaleway_vpc.cluster.id}",
      region: "fr-par",
      ipv4_subnet: { subnet: "172.16.4.0/22" },
    });
  });

  test("has one gateway, with source NAT and a default route that nodes use", () => {
    expect(stack.at("scaleway_vpc_gateway_network.gateway")).toMatchObject({
      private_network_id: "${scaleway_vpc_private_network.cluster.id}",
      enable_masquerade: true,
      ipam_config: [{ push_default_route: true, ipam_ip_id: "${scaleway_ipam_ip.gateway.id}" }],
    });
  });
});

describe("every planned address on Scaleway", () => {
  const reservations: [string, Json][] = Object.entries(stack.all("scaleway_ipam_ip"));

  test("is reserved, under the name of its owner", () => {
    expect(Object.fromEntries(reservations.map(([name, { address }]) => [name, address]))).toEqual({
      gateway: "172.16.4.2",
      api: "172.16.4.3",
      bastion: "172.16.7.250",
      control_plane_0: "172.16.4.4",
      control_plane_1: "172.16.4.5",
      control_plane_2: "172.16.4.6",
      worker_0: "172.16.5.4",
      worker_1: "172.16.5.5",
    });
  });

  test("is replaced with the network", () => {
    for (const [, reservation] of reservations) {
      expect(reservation.source).toEqual([
        { private_network_id: "${scaleway_vpc_private_network.cluster.id}" },
      ]);
      expect(reservation.lifecycle.replace_triggered_by).toEqual([
        "scaleway_vpc_private_network.cluster.id",
      ]);
    }
  });

  test("is used by the NIC of its machine, which waits for the gateway", () => {
    const cards: [string, Json][] = Object.entries(stack.all("scaleway_instance_private_nic"));
    expect(cards.map(([name]) => name).sort()).toEqual([
      "bastion",
      "control_plane_0",
      "control_plane_1",
      "control_plane_2",
      "worker_0",
      "worker_1",
    ]);
    for (const [name, card] of cards) {
      expect(card).toMatchObject({
        server_id: `\${scaleway_instance_server.${name}.id}`,
        ipam_ip_ids: [`\${scaleway_ipam_ip.${name}.id}`],
        depends_on: ["scaleway_vpc_gateway_network.gateway"],
      });
    }
  });
});

test("gateway, load balancer and bastion are in the configured zone", () => {
  for (const address of [
    "scaleway_vpc_public_gateway_ip.gateway",
    "scaleway_vpc_public_gateway.gateway",
    "scaleway_vpc_gateway_network.gateway",
    "scaleway_lb_ip.api",
    "scaleway_lb.api",
    "scaleway_instance_ip.bastion",
    "scaleway_instance_server.bastion",
    "scaleway_instance_security_group.bastion",
    "scaleway_instance_private_nic.bastion",
  ]) {
    expect(`${address} ${stack.at(address).zone}`).toBe(`${address} fr-par-2`);
  }
});

test("region and zone are set on each resource, since the environment takes precedence over the provider block", () => {
  expect(stack.json.provider.scaleway).toEqual([{}]);
  const withoutLocation = Object.entries(stack.resource)
    .filter(([type]) => type.startsWith("scaleway_"))
    .flatMap(([type, named]) =>
      Object.values(named)
        .filter((resource) => resource.region === undefined && resource.zone === undefined)
        .map(() => type),
    );
  // Parts of the load balancer, in its zone.
  expect(withoutLocation.sort()).toEqual(["scaleway_lb_backend", "scaleway_lb_frontend"]);
});
