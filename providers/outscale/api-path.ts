import type { ApiPath, StateResources } from "../../constructs/model/api-path";
import { blocksOf, stringOf, stringsOf } from "../../constructs/model/resource-values";

/** The NAT service has the nodes' public address. */
export function apiPath(state: StateResources): ApiPath | undefined {
  const balancer = state.at("outscale_load_balancer.api");
  if (balancer === undefined) return undefined;
  const group = state.at("outscale_security_group.api")?.["security_group_id"];
  const subnet = state.at("outscale_subnet.public")?.["subnet_id"];
  const groups = stringsOf(balancer["security_groups"]);
  const served = stringsOf(state.at("outscale_load_balancer_vms.api")?.["backend_vm_ids"]);
  return {
    isAttached: stringsOf(balancer["subnets"]).some((id) => id === subnet),
    attachedBy: "outscale_load_balancer.api",
    allowed: allowedIn(state),
    deniesOthers: groups.length === 1 && groups[0] === group,
    egress: blocksOf(state.at("outscale_nat_service.nat")?.["public_ips"]).flatMap(
      (ip) => stringOf(ip["public_ip"]) ?? [],
    ),
    controlPlanes: state.controlPlanes("outscale_vm").map(({ name, values }) => ({
      name,
      address: stringOf(values["private_ip"]) ?? "",
      isServed: served.some((id) => id === values["vm_id"]),
    })),
  };
}

/**
 * A rule is a resource of its own, and stays in the state when it is deleted elsewhere; the group
 * has the existing rules, if it was read after their creation.
 */
function allowedIn(state: StateResources): string[] {
  const group = state.at("outscale_security_group.api");
  if (state.isFresh) {
    return blocksOf(group?.["inbound_rules"]).flatMap((rule) => stringsOf(rule["ip_ranges"]));
  }
  return state
    .all("outscale_security_group_rule")
    .filter((rule) => rule["security_group_id"] === group?.["security_group_id"])
    .flatMap((rule) => stringOf(rule["ip_range"]) ?? []);
}
