import {
  type Access,
  type AccessRule,
  type Entry,
  type PlannedResource,
  PlannedResources,
} from "../../constructs/model/access-rules";
import { blocksOf, stringOf, stringsOf } from "../../constructs/model/resource-values";

const association = "openstack_networking_floatingip_associate_v2";

/** Rules of the groups on the bastion's port, and networks that the load balancer's listeners allow. */
export function plannedAccess(all: readonly PlannedResource[]): Access {
  const resources = new PlannedResources(all);
  return {
    entries: [...bastionDoors(resources), ...apiDoors(resources)],
    own: resources
      .of("openstack_networking_router_v2")
      .flatMap(({ values }) => blocksOf(values["external_fixed_ip"]))
      .flatMap((ip) => stringOf(ip["ip_address"]) ?? [])
      .filter((address) => !address.includes(":")),
  };
}

function bastionDoors(resources: PlannedResources): Entry[] {
  const server = resources.at("openstack_compute_instance_v2.bastion");
  const port = resources.at("openstack_networking_port_v2.bastion");
  if (server === undefined || port === undefined) return [];
  if (resources.naming(association, "port_id", port).length === 0) return [];
  const type = "openstack_networking_secgroup_v2";
  const groups = resources.named(port, "security_group_ids", type);
  const rules = groups.flatMap((group) =>
    resources.naming("openstack_networking_secgroup_rule_v2", "security_group_id", group),
  );
  // Without a group of this stack, a port has the project's default one, which is open.
  const isOpen = groups.length === 0 || port.values["port_security_enabled"] === false;
  const name = "bastion";
  if (isOpen) return [{ name, rules: [], defaultAction: "allow" }];
  return [{ name, rules: rules.filter(isInbound).map(ruleOf), defaultAction: "deny" }];
}

function isInbound({ values }: PlannedResource): boolean {
  return values["direction"] === "ingress" && values["ethertype"] === "IPv4";
}

function ruleOf({ values, references }: PlannedResource): AccessRule {
  const first = values["port_range_min"];
  const last = values["port_range_max"];
  const protocol = stringOf(values["protocol"]);
  const network = stringOf(values["remote_ip_prefix"]);
  const isGroup =
    stringOf(values["remote_group_id"]) !== undefined || references("remote_group_id").length > 0;
  return {
    action: "allow",
    ...(protocol === undefined ? {} : { protocol }),
    ...(typeof first === "number" && first !== 0
      ? { ports: [first, typeof last === "number" ? last : first] }
      : {}),
    // Members of a group have private addresses.
    ...(isGroup ? { sources: [] } : network === undefined ? {} : { sources: [network] }),
  };
}

function apiDoors(resources: PlannedResources): Entry[] {
  return resources.of("openstack_lb_loadbalancer_v2").flatMap((balancer) => {
    const mapped = resources.naming(association, "port_id", balancer, "vip_port_id");
    if (mapped.length === 0) return [];
    return resources.naming("openstack_lb_listener_v2", "loadbalancer_id", balancer).map(apiDoor);
  });
}

/** Without a list, everyone may connect. */
function apiDoor({ values, references }: PlannedResource): Entry {
  const given = values["allowed_cidrs"];
  const sources = stringsOf(given);
  const isUnknown = Array.isArray(given)
    ? sources.length < given.length
    : references("allowed_cidrs").length > 0;
  const port = values["protocol_port"];
  return {
    name: "API",
    ...(typeof port === "number" ? { port } : {}),
    rules: [{ action: "allow", sources, isUnknown }],
    defaultAction: sources.length === 0 && !isUnknown ? "allow" : "deny",
  };
}
