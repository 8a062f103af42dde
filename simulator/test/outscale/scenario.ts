import type { Values } from "../../protocol/model";
import { text, type Cloud, type Config } from "./harness";

/** A Net of 172.16.4.0/22 with its usual contents. */
export class Scenario {
  private constructor(
    readonly cloud: Cloud,
    readonly net: Values,
  ) {}

  static async in(cloud: Cloud, range = "172.16.4.0/22"): Promise<Scenario> {
    return new Scenario(cloud, await cloud.create("outscale_net", { ip_range: range }));
  }

  get netId(): string {
    return text(this.net, "net_id");
  }

  subnet(range = "172.16.4.0/24", config: Config = {}): Promise<Values> {
    return this.cloud.create("outscale_subnet", {
      net_id: this.netId,
      ip_range: range,
      ...config,
    });
  }

  ip(): Promise<Values> {
    return this.cloud.create("outscale_public_ip", {});
  }

  /** An internet service, linked to the Net. */
  async gateway() {
    const service = await this.cloud.create("outscale_internet_service", {});
    const link = await this.cloud.create("outscale_internet_service_link", {
      net_id: this.netId,
      internet_service_id: text(service, "id"),
    });
    return { service, link };
  }

  /** A route table with a default route, linked to a subnet. */
  async defaultRoute(subnet: Values, target: Config) {
    const table = await this.cloud.create("outscale_route_table", { net_id: this.netId });
    const route = await this.cloud.create("outscale_route", {
      route_table_id: text(table, "id"),
      destination_ip_range: "0.0.0.0/0",
      ...target,
    });
    const link = await this.cloud.create("outscale_route_table_link", {
      route_table_id: text(table, "id"),
      subnet_id: text(subnet, "id"),
    });
    return { table, route, link };
  }

  /** A subnet with a route to the internet service. */
  async publicSubnet() {
    const { service, link } = await this.gateway();
    const subnet = await this.subnet("172.16.7.0/24");
    const defaultRoute = await this.defaultRoute(subnet, { gateway_id: text(service, "id") });
    return { service, serviceLink: link, subnet, ...defaultRoute };
  }

  async nat(subnet: Values) {
    const ip = await this.ip();
    const nat = await this.cloud.create("outscale_nat_service", {
      subnet_id: text(subnet, "id"),
      public_ip_id: text(ip, "id"),
    });
    return { ip, nat };
  }

  group(name: string, config: Config = {}): Promise<Values> {
    return this.cloud.create("outscale_security_group", {
      net_id: this.netId,
      security_group_name: name,
      description: "A group",
      ...config,
    });
  }

  rule(group: Values, config: Config = {}): Promise<Values> {
    return this.cloud.create("outscale_security_group_rule", ruleConfig(group, config));
  }

  vm(subnet: Values, config: Config = {}): Promise<Values> {
    return this.cloud.create("outscale_vm", { ...vmConfig(this.cloud, subnet), ...config });
  }

  loadBalancer(subnet: Values, config: Config = {}): Promise<Values> {
    return this.cloud.create("outscale_load_balancer", {
      ...balancerConfig(subnet),
      ...config,
    });
  }
}

export function ruleConfig(group: Values, config: Config = {}): Config {
  return {
    flow: "Inbound",
    security_group_id: text(group, "id"),
    ip_protocol: "tcp",
    from_port_range: 6443,
    to_port_range: 6443,
    ip_range: "172.16.7.0/24",
    ...config,
  };
}

export function vmConfig(cloud: Cloud, subnet: Values): Config {
  const filter = [{ name: "image_names", values: ["talos"] }];
  return {
    image_id: text(cloud.data("outscale_image", { filter }), "image_id"),
    vm_type: "tinav6.c4r8p1",
    subnet_id: text(subnet, "id"),
    user_data: Buffer.from("machine: {}").toString("base64"),
    block_device_mappings: {
      device_name: "/dev/sda1",
      bsu: { volume_size: 50, volume_type: "gp2", delete_on_vm_deletion: true },
    },
  };
}

export function balancerConfig(subnet: Values): Config {
  return {
    load_balancer_name: "x-api",
    subnets: [text(subnet, "id")],
    listeners: {
      load_balancer_port: 6443,
      load_balancer_protocol: "TCP",
      backend_port: 6443,
      backend_protocol: "TCP",
    },
  };
}
