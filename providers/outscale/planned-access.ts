import {
  type Access,
  type AccessRule,
  type Entry,
  type PlannedResource,
  PlannedResources,
} from "../../constructs/model/access-rules";
import {
  blocksOf,
  type ResourceValues,
  stringOf,
  stringsOf,
} from "../../constructs/model/resource-values";

/** Rules of the security groups of the bastion and of the load balancer; they can only allow. */
export function plannedAccess(all: readonly PlannedResource[]): Access {
  const resources = new PlannedResources(all);
  return {
    entries: [...bastionDoors(resources), ...apiDoors(resources)],
    own: resources
      .of("outscale_nat_service")
      .flatMap((nat) => [
        ...blocksOf(nat.values["public_ips"]).map((ip) => ip["public_ip"]),
        ...resources
          .named(nat, "public_ip_id", "outscale_public_ip", "public_ip_id")
          .map(({ values }) => values["public_ip"]),
      ])
      .flatMap((address) => stringOf(address) ?? []),
  };
}

function bastionDoors(resources: PlannedResources): Entry[] {
  const vm = resources.at("outscale_vm.bastion");
  const links = resources.naming("outscale_public_ip_link", "vm_id", vm, "vm_id");
  if (vm === undefined || links.length === 0) return [];
  const rules = rulesOf(resources, vm, "security_group_ids");
  return [{ name: "bastion", rules, defaultAction: "deny" }];
}

function apiDoors(resources: PlannedResources): Entry[] {
  return resources.of("outscale_load_balancer").flatMap((balancer) => {
    const rules = rulesOf(resources, balancer, "security_groups");
    return blocksOf(balancer.values["listeners"]).map((listener): Entry => {
      const port = listener["load_balancer_port"];
      return {
        name: "API",
        ...(typeof port === "number" ? { port } : {}),
        rules,
        defaultAction: "deny",
      };
    });
  });
}

function rulesOf(resources: PlannedResources, of: PlannedResource, attribute: string) {
  const id = "security_group_id";
  return resources
    .named(of, attribute, "outscale_security_group", id)
    .flatMap((group) => resources.naming("outscale_security_group_rule", id, group, id))
    .filter(({ values }) => values["flow"] === "Inbound")
    .flatMap(partsOf);
}

/** A rule in short form has one range; one in long form has several, and members of groups. */
function partsOf({ values, references }: PlannedResource): AccessRule[] {
  const long = blocksOf(values["rules"]);
  if (long.length > 0) return long.map((part) => ruleOf(part, stringsOf(part["ip_ranges"])));
  const range = stringOf(values["ip_range"]);
  const isUnknown = range === undefined && references("ip_range").length > 0;
  return [{ ...ruleOf(values, range === undefined ? [] : [range]), isUnknown }];
}

/** Members of a group have private addresses: none of them is an outside source. */
function ruleOf(part: ResourceValues, sources: readonly string[]): AccessRule {
  const protocol = stringOf(part["ip_protocol"]);
  const [first, last] = [part["from_port_range"], part["to_port_range"]];
  if (protocol === undefined || protocol === "-1") return { action: "allow", sources };
  return {
    action: "allow",
    protocol,
    ...(typeof first === "number" && first >= 0
      ? { ports: [first, typeof last === "number" ? last : first] }
      : {}),
    sources,
  };
}
