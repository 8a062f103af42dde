import type { ApiPath, StateResources } from "../../constructs/model/api-path";
import { blocksOf, stringOf, stringsOf } from "../../constructs/model/resource-values";

/** The listener's list of networks; the router's addresses; the port that the public address is mapped to. */
export function apiPath(state: StateResources): ApiPath | undefined {
  const balancer = state.at("openstack_lb_loadbalancer_v2.api");
  if (balancer === undefined) return undefined;
  const subnet = state.at("openstack_networking_subnet_v2.cluster");
  const listener = state.at("openstack_lb_listener_v2.api");
  const router = state.at("openstack_networking_router_v2.gateway");
  const served = state.all("openstack_lb_member_v2").map(({ address }) => address);
  const allowed = stringsOf(listener?.["allowed_cidrs"]);
  return {
    isAttached:
      balancer["vip_subnet_id"] === subnet?.["id"] &&
      state.at("openstack_networking_floatingip_associate_v2.api")?.["port_id"] ===
        balancer["vip_port_id"],
    attachedBy: "openstack_networking_floatingip_associate_v2.api",
    allowed: allowed.filter((network) => network !== subnet?.["cidr"]),
    deniesOthers: allowed.length > 0, // an empty list allows everyone
    egress: blocksOf(router?.["external_fixed_ip"])
      .flatMap((ip) => stringOf(ip["ip_address"]) ?? [])
      .filter((ip) => !ip.includes(":")),
    controlPlanes: state.controlPlanes("openstack_networking_port_v2").map(({ name, values }) => {
      const address = stringsOf(values["all_fixed_ips"])[0] ?? "";
      return { name, address, isServed: served.includes(address) };
    }),
  };
}
