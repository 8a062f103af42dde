/** How packets are routed and filtered in an Outscale Net, read from its resources. */
import { parseSubnet, toAddress } from "../addresses";
import type { Filter, Rule } from "../../reachability/filter";
import { machineOf } from "../../reachability/machine";
import type {
  Gateway,
  Host,
  Interface,
  Link,
  Listener,
  LoadBalancer,
  Network,
} from "../../reachability/network";
import { nodeName, type Resources, type AddressedResource } from "../../reachability/resources";
import type { Values } from "../../protocol/model";
import { blocksOf, isTrue, numberOf, stringOf, stringsOf } from "../values";

export function networkOf(resources: Resources): Network {
  const links = resources.of("outscale_subnet").map((subnet) => linkOf(resources, subnet));
  const hosts = resources.of("outscale_vm").map((vm) => hostOf(resources, vm));
  return {
    cloud: "outscale",
    links,
    hosts,
    loadBalancers: resources
      .of("outscale_load_balancer")
      .map((one) => loadBalancerOf(resources, links, hosts, one)),
    metadata: { address: "169.254.169.254", answers: hosts.map(({ name }) => name) },
  };
}

/** Subnets of a Net reach one another; each has its own default route. */
function linkOf(resources: Resources, subnet: AddressedResource): Link {
  const net = resources.find("outscale_net", stringOf(subnet.values.net_id), "net_id");
  const range = stringOf(subnet.values.ip_range) ?? "";
  return {
    id: stringOf(subnet.values.subnet_id) ?? "",
    name: `${nodeName(subnet.name)} subnet`,
    by: subnet.by,
    range,
    local: [stringOf(net?.values.ip_range) ?? range],
    gateway: gatewayOf(resources, stringOf(subnet.values.subnet_id)),
  };
}

/** The target of the default route in a subnet's route table. */
function gatewayOf(resources: Resources, subnet: string | undefined): Gateway | undefined {
  const link = resources.find("outscale_route_table_link", subnet, "subnet_id");
  const route = resources
    .of("outscale_route")
    .filter(({ values }) => values.destination_ip_range === "0.0.0.0/0")
    .find(({ values }) => values.route_table_id === link?.values.route_table_id);
  if (route === undefined) return undefined;
  const internet = resources.find(
    "outscale_internet_service_link",
    stringOf(route.values.gateway_id),
    "internet_service_id",
  );
  if (internet !== undefined) return { kind: "internet", by: internet.by, route: route.by };
  const nat = resources.find(
    "outscale_nat_service",
    stringOf(route.values.nat_service_id),
    "nat_service_id",
  );
  const address = stringOf(blocksOf(nat?.values.public_ips)[0]?.public_ip);
  // It is in a subnet itself, and needs that subnet's default route.
  const beyond = nat && gatewayOf(resources, stringOf(nat.values.subnet_id));
  if (nat === undefined || address === undefined || beyond?.kind !== "internet") return undefined;
  return { kind: "nat", by: nat.by, address, route: route.by };
}

function hostOf(resources: Resources, vm: AddressedResource): Host {
  const { values } = vm;
  const name = nodeName(vm.name);
  const link = stringOf(values.subnet_id) ?? "";
  const address = stringOf(values.private_ip) ?? "";
  const userData = stringOf(values.user_data);
  const document = userData && Buffer.from(userData, "base64").toString();
  const { role, firewall, blackholes, podRange, problems } = machineOf(name, document);
  const groups = stringsOf(values.security_group_ids);
  const only: Interface = {
    link,
    address,
    translated: translatedOf(resources, values),
    inbound: filtersOf(resources, groups, "Inbound", vm.by),
    outbound: filtersOf(resources, groups, "Outbound", vm.by),
  };
  return {
    name,
    role,
    firewall,
    blackholes,
    podRange,
    problems,
    by: vm.by,
    interfaces: [only],
    defaultRoute: { link },
  };
}

function translatedOf(resources: Resources, vm: Values): Interface["translated"] {
  const link = resources.find("outscale_public_ip_link", stringOf(vm.vm_id), "vm_id");
  const address = stringOf(link?.values.public_ip);
  return link === undefined || address === undefined ? undefined : { address, by: link.by };
}

/** What any group lets pass, passes. A group lets all outbound traffic pass unless that rule was removed. */
function filtersOf(
  resources: Resources,
  groups: readonly string[],
  flow: "Inbound" | "Outbound",
  owner: string,
): Filter[] {
  const effective = groups.flatMap(
    (id) => resources.find("outscale_security_group", id, "security_group_id") ?? [],
  );
  const isOpen = ({ values }: AddressedResource) =>
    flow === "Outbound" && !isTrue(values.remove_default_outbound_rule);
  if (effective.some(isOpen)) return [];
  const rules = resources
    .of("outscale_security_group_rule")
    .filter(({ values }) => values.flow === flow)
    .filter(({ values }) => groups.includes(stringOf(values.security_group_id) ?? ""))
    .flatMap((rule) => rulesOf(resources, rule));
  const by = effective.map((group) => group.by).join(", ");
  return [{ by: by === "" ? owner : by, rules, defaultAction: "deny" }];
}

/** A rule in short form has one range; one in long form has several, and members of groups. */
function rulesOf(resources: Resources, { by, values }: AddressedResource): Rule[] {
  const long = blocksOf(values.rules);
  if (long.length === 0) return [ruleOf(by, values, [stringOf(values.ip_range) ?? ""])];
  return long.map((rule) => {
    const members = blocksOf(rule.security_groups_members)
      .flatMap((member) => stringOf(member.security_group_id) ?? [])
      .flatMap((group) => membersOf(resources, group));
    return ruleOf(by, rule, [...stringsOf(rule.ip_ranges), ...members]);
  });
}

function ruleOf(by: string, rule: Values, peers: string[]): Rule {
  const protocol = stringOf(rule.ip_protocol);
  const first = numberOf(rule.from_port_range);
  const isAny = protocol === undefined || protocol === "-1";
  return {
    by,
    action: "allow",
    protocol: isAny ? undefined : protocol,
    ports:
      isAny || first === undefined || first < 0
        ? undefined
        : [first, numberOf(rule.to_port_range) ?? first],
    peers,
  };
}

/** Addresses of the VMs in a group. */
function membersOf(resources: Resources, group: string): string[] {
  return resources
    .of("outscale_vm")
    .filter(({ values }) => stringsOf(values.security_group_ids).includes(group))
    .flatMap(({ values }) => stringOf(values.private_ip) ?? []);
}

function loadBalancerOf(
  resources: Resources,
  links: readonly Link[],
  hosts: readonly Host[],
  balancer: AddressedResource,
): LoadBalancer {
  const { values, by } = balancer;
  const link = links.find(({ id }) => id === stringsOf(values.subnets)[0]);
  const groups = stringsOf(values.security_groups);
  const admits = filtersOf(resources, groups, "Inbound", by);
  const behind = resources.find(
    "outscale_load_balancer_vms",
    stringOf(values.load_balancer_name),
    "load_balancer_name",
  );
  return {
    name: "API load balancer",
    by,
    publicAddress: stringOf(values.public_ip),
    privateAddress: freeAddress(link?.range ?? "", hosts),
    link: link?.id ?? "",
    listeners: blocksOf(values.listeners).map((listener): Listener => {
      const port = numberOf(listener.backend_port) ?? 0;
      const vms = stringsOf(behind?.values.backend_vm_ids);
      const backends = vms.flatMap((id) => resources.find("outscale_vm", id, "vm_id") ?? []);
      return {
        by,
        port: numberOf(listener.load_balancer_port) ?? 0,
        admits,
        backends: backends.map((vm) => ({
          address: stringOf(vm.values.private_ip) ?? "",
          port,
        })),
      };
    }),
  };
}

/**
 * The cloud chooses a load balancer's own address and does not return it; here it is the highest
 * free one of the subnet.
 */
function freeAddress(range: string, hosts: readonly Host[]): string {
  const subnet = parseSubnet(range);
  if (subnet === undefined) return "";
  const taken = new Set(hosts.flatMap(({ interfaces }) => interfaces.map((one) => one.address)));
  for (let number = subnet.first + subnet.size - 2; number > subnet.first; number--) {
    const address = toAddress(number);
    if (!taken.has(address)) return address;
  }
  return "";
}
