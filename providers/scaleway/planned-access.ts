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

/** Ordered rules of the bastion's security group, and ordered ACLs of the load balancer's frontends. */
export function plannedAccess(all: readonly PlannedResource[]): Access {
  const resources = new PlannedResources(all);
  const bastion = resources.at("scaleway_instance_server.bastion");
  const balancers = resources.of("scaleway_lb");
  return {
    entries: [
      ...(bastion === undefined ? [] : [bastionDoor(resources, bastion)]),
      ...balancers.flatMap((one) =>
        resources.naming("scaleway_lb_frontend", "lb_id", one).map(frontendDoor),
      ),
    ],
    own: resources
      .of("scaleway_vpc_public_gateway_ip")
      .flatMap(({ values }) => stringOf(values["address"]) ?? []),
  };
}

function bastionDoor(resources: PlannedResources, server: PlannedResource): Entry {
  const type = "scaleway_instance_security_group";
  const [group] = resources.named(server, "security_group_id", type);
  const policy = group?.values["inbound_default_policy"];
  return {
    name: "bastion",
    rules: blocksOf(group?.values["inbound_rule"]).map(ruleOf),
    // Without a group of its own, a server has the project's default one, which is open.
    defaultAction: policy === "drop" ? "deny" : "allow",
  };
}

function ruleOf(rule: ResourceValues): AccessRule {
  const protocol = (stringOf(rule["protocol"]) ?? "ANY").toLowerCase();
  const port = rule["port"];
  const range = stringOf(rule["port_range"]) ?? (typeof port === "number" ? String(port) : "0");
  const [first = 0, last = first] = range.split("-").map(Number);
  const source = stringOf(rule["ip_range"]) ?? stringOf(rule["ip"]);
  return {
    action: rule["action"] === "drop" ? "deny" : "allow",
    ...(protocol === "any" ? {} : { protocol }),
    ...(first === 0 ? {} : { ports: [first, last] }), // 0 is every port
    ...(source === undefined ? {} : { sources: [source] }),
  };
}

/** Where no ACL matches, a connection is allowed. */
function frontendDoor({ values, references }: PlannedResource): Entry {
  const port = values["inbound_port"];
  const isUnknown = !Array.isArray(values["acl"]) && references("acl").length > 0;
  return {
    name: "API",
    ...(typeof port === "number" ? { port } : {}),
    rules: isUnknown
      ? [{ action: "allow", sources: [], isUnknown }]
      : blocksOf(values["acl"]).map(aclOf),
    defaultAction: isUnknown ? "deny" : "allow",
  };
}

function aclOf(acl: ResourceValues): AccessRule {
  const [match] = blocksOf(acl["match"]);
  const [action] = blocksOf(acl["action"]);
  const given = match?.["ip_subnet"];
  const sources = stringsOf(given);
  return {
    action: action?.["type"] === "allow" ? "allow" : "deny",
    ...(match?.["invert"] === true ? { except: sources } : { sources }),
    isUnknown: !Array.isArray(given) || sources.length < given.length,
  };
}
