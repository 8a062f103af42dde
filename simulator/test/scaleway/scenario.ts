import type { Values } from "../../protocol/model";
import type { Cloud } from "../cloud/harness";
import { text, type Config } from "./harness";

/** A private network in fr-par, and its usual contents. */
export class Scenario {
  private constructor(
    readonly cloud: Cloud,
    readonly network: Values,
  ) {}

  static async in(cloud: Cloud): Promise<Scenario> {
    const vpc = await cloud.create("scaleway_vpc", { name: "x" });
    const network = await cloud.create("scaleway_vpc_private_network", {
      name: "x",
      vpc_id: text(vpc, "id"),
      ipv4_subnet: { subnet: "172.16.4.0/22" },
    });
    return new Scenario(cloud, network);
  }

  /** The same after a restart. */
  on(cloud: Cloud): Scenario {
    return new Scenario(cloud, this.network);
  }

  get networkId(): string {
    return text(this.network, "id");
  }

  reserve(address: string): Promise<Values> {
    return this.cloud.create("scaleway_ipam_ip", {
      address,
      source: { private_network_id: this.networkId },
    });
  }

  async gateway(zone = "fr-par-1") {
    const ip = await this.cloud.create("scaleway_vpc_public_gateway_ip", { zone });
    const gateway = await this.cloud.create("scaleway_vpc_public_gateway", {
      type: "VPC-GW-S",
      zone,
      ip_id: text(ip, "id"),
    });
    return { ip, gateway };
  }

  async gatewayNetwork(
    gateway: Values,
    config: Config = {},
    wait?: () => Promise<void>,
  ): Promise<Values> {
    const given: Config = {
      gateway_id: text(gateway, "id"),
      private_network_id: this.networkId,
      ipam_config: { push_default_route: true },
      ...config,
    };
    return this.cloud.create("scaleway_vpc_gateway_network", given, wait);
  }

  async loadBalancer(config: Config = {}) {
    const ip = await this.cloud.create("scaleway_lb_ip", { zone: "fr-par-1" });
    const address = await this.reserve("172.16.4.3");
    const arguments_: Config = {
      type: "LB-S",
      zone: "fr-par-1",
      name: "api",
      ip_ids: [text(ip, "id")],
      private_network: { private_network_id: this.networkId, ipam_ids: [text(address, "id")] },
      ...config,
    };
    const balancer = await this.cloud.create("scaleway_lb", arguments_);
    return { ip, address, balancer, config: arguments_ };
  }

  node(name: string, config: Config = {}): Promise<Values> {
    return this.cloud.create("scaleway_instance_server", {
      ...nodeConfig(this.cloud, name),
      ...config,
    });
  }

  nic(server: Values, config: Config = {}): Promise<Values> {
    return this.cloud.create("scaleway_instance_private_nic", {
      server_id: text(server, "id"),
      private_network_id: this.networkId,
      zone: "fr-par-1",
      ...config,
    });
  }
}

export function nodeConfig(cloud: Cloud, name: string, zone = "fr-par-1"): Config {
  const image = cloud.data("scaleway_instance_image", { name: "talos", zone });
  return {
    name,
    zone,
    type: "DEV1-M",
    image: text(image, "id"),
    root_volume: { volume_type: "sbs_volume", size_in_gb: 20 },
    user_data: { "cloud-init": "machine: {}" },
  };
}
