/** How packets are routed and filtered on OVHcloud's OpenStack, read from its resources. */
import type { Filter, Rule } from "../../reachability/filter";
import { machineOf } from "../../reachability/machine";
import {
  type Gateway,
  type Host,
  type Interface,
  internetLink,
  type Link,
  type Listener,
  type LoadBalancer,
  type Network,
} from "../../reachability/network";
import {
  ipv4Of,
  nodeName,
  type Resources,
  type AddressedResource,
} from "../../reachability/resources";
import { blockOf, blocksOf, isTrue, numberOf, stringOf, stringsOf } from "../values";

export function networkOf(resources: Resources): Network {
  const links = resources.of("openstack_networking_subnet_v2").map((subnet): Link => {
    const range = stringOf(subnet.values.cidr) ?? "";
    const id = stringOf(subnet.values.id) ?? "";
    const gateway = gatewayOf(resources, subnet);
    return { id, name: "private network", by: subnet.by, range, local: [range], gateway };
  });
  const hosts = resources
    .of("openstack_compute_instance_v2")
    .map((server) => hostOf(resources, server));
  return {
    cloud: "ovh",
    links,
    hosts,
    loadBalancers: resources
      .of("openstack_lb_loadbalancer_v2")
      .map((one) => loadBalancerOf(resources, one)),
    metadata: { address: "169.254.169.254", answers: hosts.map(({ name }) => name) },
  };
}

/** A router of the subnet with a port in the external network; it does SNAT unless that is disabled. */
function gatewayOf(resources: Resources, subnet: AddressedResource): Gateway | undefined {
  const link = resources
    .of("openstack_networking_router_interface_v2")
    .find(({ values }) => values.subnet_id === subnet.values.id);
  const router = resources.find("openstack_networking_router_v2", stringOf(link?.values.router_id));
  if (link === undefined || router === undefined) return undefined;
  if (stringOf(router.values.external_network_id) === undefined) return undefined;
  if (router.values.enable_snat === false) {
    return { kind: "internet", by: router.by, route: link.by };
  }
  const address = ipv4Of(router.values.external_fixed_ip, "ip_address");
  return address === undefined
    ? undefined
    : { kind: "nat", by: router.by, address, route: link.by };
}

function hostOf(resources: Resources, server: AddressedResource): Host {
  const name = nodeName(server.name);
  const interfaces = blocksOf(server.values.network).flatMap((network) => {
    const port = resources.find("openstack_networking_port_v2", stringOf(network.port));
    const address = stringOf(network.fixed_ip_v4) ?? "";
    // A port that was not created by a user has the project's default group, which is open on
    // OVHcloud.
    if (port === undefined) {
      return [{ link: internetLink, address, inbound: [], outbound: [] } satisfies Interface];
    }
    return interfaceOf(resources, port);
  });
  // A state keeps only the hash: a configuration that is rendered differently by now cannot be
  // found.
  const document =
    stringOf(server.config?.user_data) ??
    resources.machineConfiguration(stringOf(server.values.user_data) ?? "");
  const { role, firewall, blackholes, podRange, problems } = machineOf(name, document);
  const [first] = interfaces;
  return {
    name,
    role,
    firewall,
    blackholes,
    podRange,
    problems,
    by: server.by,
    interfaces,
    defaultRoute:
      first === undefined ? { none: "it has no port on a network" } : { link: first.link },
  };
}

function interfaceOf(resources: Resources, port: AddressedResource): Interface[] {
  const [fixed] = blocksOf(port.values.fixed_ip);
  const address = stringOf(fixed?.ip_address) ?? stringsOf(port.values.all_fixed_ips)[0];
  const link = stringOf(fixed?.subnet_id);
  if (address === undefined || link === undefined) return [];
  return [
    {
      link,
      address,
      translated: floatingOf(resources, stringOf(port.values.id)),
      inbound: filtersOf(resources, port, "ingress"),
      outbound: filtersOf(resources, port, "egress"),
    },
  ];
}

function floatingOf(resources: Resources, port: string | undefined): Interface["translated"] {
  const association = resources.find(
    "openstack_networking_floatingip_associate_v2",
    port,
    "port_id",
  );
  const address = stringOf(association?.values.floating_ip);
  return address === undefined || association === undefined
    ? undefined
    : { address, by: association.by };
}

/** What any group of a port lets in, the port lets in. */
function filtersOf(
  resources: Resources,
  port: AddressedResource,
  direction: "ingress" | "egress",
): Filter[] {
  if (port.values.port_security_enabled === false) return [];
  const ids = stringsOf(port.values.all_security_group_ids);
  const groups = ids.map((id) => resources.find("openstack_networking_secgroup_v2", id));
  // A group outside this stack is the project's default one, which is open on OVHcloud.
  if (groups.includes(undefined)) return [];
  const isOpen = (group: AddressedResource | undefined) =>
    direction === "egress" && !isTrue(group?.values.delete_default_rules);
  if (groups.some(isOpen)) return [];
  const rules = resources
    .of("openstack_networking_secgroup_rule_v2")
    .filter(({ values }) => values.direction === direction && values.ethertype === "IPv4")
    .filter(({ values }) => ids.includes(stringOf(values.security_group_id) ?? ""))
    .map((rule) => ruleOf(resources, rule));
  const by = groups.flatMap((group) => group?.by ?? []).join(", ");
  return [{ by: by === "" ? port.by : by, rules, defaultAction: "deny" }];
}

function ruleOf(resources: Resources, { by, values }: AddressedResource): Rule {
  const first = numberOf(values.port_range_min) ?? 0;
  const prefix = stringOf(values.remote_ip_prefix);
  const group = stringOf(values.remote_group_id);
  const members = resources
    .of("openstack_networking_port_v2")
    .filter((port) => stringsOf(port.values.all_security_group_ids).includes(group ?? ""))
    .flatMap((port) => stringsOf(port.values.all_fixed_ips));
  const anywhere = prefix === undefined ? undefined : [prefix];
  return {
    by,
    action: "allow",
    protocol: stringOf(values.protocol),
    ports: first === 0 ? undefined : [first, numberOf(values.port_range_max) ?? first],
    peers: group === undefined ? anywhere : members,
  };
}

function loadBalancerOf(resources: Resources, balancer: AddressedResource): LoadBalancer {
  const { values, by } = balancer;
  const subnet = resources.find("openstack_networking_subnet_v2", stringOf(values.vip_subnet_id));
  const listeners = resources
    .of("openstack_lb_listener_v2")
    .filter((listener) => listener.values.loadbalancer_id === values.id);
  return {
    name: "API load balancer",
    by,
    publicAddress: floatingOf(resources, stringOf(values.vip_port_id))?.address,
    listenAddress: stringOf(values.vip_address),
    // Its amphorae have addresses from the pool.
    privateAddress: stringOf(blockOf(subnet?.values.allocation_pool)?.start) ?? "",
    link: stringOf(values.vip_subnet_id) ?? "",
    listeners: listeners.map((listener) => listenerOf(resources, listener)),
  };
}

/** Without allowed_cidrs everyone may connect. */
function listenerOf(resources: Resources, listener: AddressedResource): Listener {
  const ranges = stringsOf(listener.values.allowed_cidrs);
  const by = `${listener.by} allowed_cidrs`;
  const pools = resources
    .of("openstack_lb_pool_v2")
    .filter((pool) => pool.values.listener_id === listener.values.id);
  const members = resources
    .of("openstack_lb_member_v2")
    .filter((member) => pools.some((pool) => pool.values.id === member.values.pool_id));
  return {
    by: listener.by,
    port: numberOf(listener.values.protocol_port) ?? 0,
    admits:
      ranges.length === 0
        ? []
        : [{ by, rules: [{ by, action: "allow", peers: ranges }], defaultAction: "deny" }],
    backends: members.map((member) => ({
      address: stringOf(member.values.address) ?? "",
      port: numberOf(member.values.protocol_port) ?? 0,
    })),
  };
}
