import type { Values } from "../../protocol/model";
import { text, type Cloud, type Config } from "./harness";

export const NETWORK = "openstack_networking_network_v2";
export const SUBNET = "openstack_networking_subnet_v2";
export const ROUTER = "openstack_networking_router_v2";
export const INTERFACE = "openstack_networking_router_interface_v2";
export const PORT = "openstack_networking_port_v2";
export const FLOATING_IP = "openstack_networking_floatingip_v2";
export const ASSOCIATE = "openstack_networking_floatingip_associate_v2";
export const GROUP = "openstack_networking_secgroup_v2";
export const RULE = "openstack_networking_secgroup_rule_v2";
export const BALANCER = "openstack_lb_loadbalancer_v2";
export const LISTENER = "openstack_lb_listener_v2";
export const POOL = "openstack_lb_pool_v2";
export const MEMBER = "openstack_lb_member_v2";
export const MONITOR = "openstack_lb_monitor_v2";
export const INSTANCE = "openstack_compute_instance_v2";
export const SERVER_GROUP = "openstack_compute_servergroup_v2";
export const IMAGE = "openstack_images_image_v2";

/** A private network with its subnet, whose pool is separate from planned addresses, and its usual contents. */
export class Scenario {
  private constructor(
    readonly cloud: Cloud,
    readonly network: Values,
    readonly subnet: Values,
  ) {}

  static async in(cloud: Cloud, subnet: Config = {}, network: Config = {}): Promise<Scenario> {
    const created = await cloud.create(NETWORK, { name: "x", mtu: 1500, ...network });
    const range = await cloud.create(SUBNET, {
      name: "x",
      network_id: text(created, "id"),
      cidr: "172.16.4.0/22",
      gateway_ip: "172.16.4.1",
      allocation_pool: { start: "172.16.7.0", end: "172.16.7.239" },
      ...subnet,
    });
    return new Scenario(cloud, created, range);
  }

  get networkId(): string {
    return text(this.network, "id");
  }

  get subnetId(): string {
    return text(this.subnet, "id");
  }

  router(config: Config = {}): Promise<Values> {
    const external = this.cloud.data(NETWORK, { name: "Ext-Net", external: true });
    return this.cloud.create(ROUTER, { external_network_id: text(external, "id"), ...config });
  }

  interface(router: Values): Promise<Values> {
    return this.cloud.create(INTERFACE, {
      router_id: text(router, "id"),
      subnet_id: this.subnetId,
    });
  }

  async egressRoute() {
    const router = await this.router();
    return { router, interface: await this.interface(router) };
  }

  portConfig(address: string, config: Config = {}): Config {
    return {
      network_id: this.networkId,
      fixed_ip: { subnet_id: this.subnetId, ip_address: address },
      ...config,
    };
  }

  port(address: string, config: Config = {}): Promise<Values> {
    return this.cloud.create(PORT, this.portConfig(address, config));
  }

  floatingIp(): Promise<Values> {
    return this.cloud.create(FLOATING_IP, { pool: "Ext-Net" });
  }

  associate(ip: Values, port: string): Promise<Values> {
    return this.cloud.create(ASSOCIATE, { floating_ip: text(ip, "address"), port_id: port });
  }

  group(name: string): Promise<Values> {
    return this.cloud.create(GROUP, { name });
  }

  rule(group: Values, config: Config): Promise<Values> {
    return this.cloud.create(RULE, {
      security_group_id: text(group, "id"),
      direction: "ingress",
      ethertype: "IPv4",
      ...config,
    });
  }

  balancerConfig(config: Config = {}): Config {
    return { name: "x", vip_subnet_id: this.subnetId, vip_address: "172.16.4.3", ...config };
  }

  balancer(config: Config = {}): Promise<Values> {
    return this.cloud.create(BALANCER, this.balancerConfig(config));
  }

  listenerConfig(balancer: Values, config: Config = {}): Config {
    return {
      loadbalancer_id: text(balancer, "id"),
      protocol: "TCP",
      protocol_port: 6443,
      ...config,
    };
  }

  /** A load balancer with everything that belongs to it, except members. */
  async service(monitor: Config = {}) {
    const balancer = await this.balancer();
    const listener = await this.cloud.create(LISTENER, this.listenerConfig(balancer));
    const pool = await this.cloud.create(POOL, {
      listener_id: text(listener, "id"),
      protocol: "TCP",
      lb_method: "ROUND_ROBIN",
    });
    const checked = await this.cloud.create(MONITOR, {
      pool_id: text(pool, "id"),
      type: "TCP",
      delay: 5,
      timeout: 3,
      max_retries: 3,
      ...monitor,
    });
    return { balancer, listener, pool, monitor: checked };
  }

  memberConfig(pool: Values, address: string, config: Config = {}): Config {
    return { pool_id: text(pool, "id"), address, protocol_port: 6443, ...config };
  }

  nodeConfig(port: Values | undefined, config: Config = {}): Config {
    return {
      name: "node",
      flavor_id: text(this.cloud.data("openstack_compute_flavor_v2", { name: "b3-8" }), "id"),
      image_id: text(this.cloud.data(IMAGE, { name: "talos" }), "id"),
      user_data: "machine: {}",
      config_drive: true,
      ...(port && { network: { port: text(port, "id") } }),
      ...config,
    };
  }

  async node(address: string, config: Config = {}, port: Config = {}): Promise<Values> {
    const created = await this.port(address, port);
    return this.cloud.create(INSTANCE, this.nodeConfig(created, config));
  }
}
