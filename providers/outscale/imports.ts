import type { CloudProvider, LostResource } from "../../constructs/cloud-provider";

/** Resources whose import id is not the state's, or is known from the configuration alone (provider docs). */
export const imports: CloudProvider["imports"] = {
  outscale_internet_service_link: ({ attribute }) => attribute("internet_service_id"),
  outscale_load_balancer: ({ attribute }) => attribute("load_balancer_name"),
  // Both only say how the load balancer is to be, or whom it serves.
  outscale_load_balancer_attributes: "made again",
  outscale_load_balancer_vms: "made again",
  outscale_route: joined("route_table_id", "destination_ip_range"),
  outscale_route_table_link: ({ id, attribute }) => {
    const table = attribute("route_table_id");
    return id === undefined || table === undefined ? undefined : `${table}_${id}`;
  },
  // A rule for the members of a group has no range, and with it no import id. Its own is its group's.
  outscale_security_group_rule: (rule) => {
    const group = rule.attribute("security_group_id");
    if (group === undefined) return undefined;
    const anyPort = rule.attribute("ip_protocol") === "-1" ? "-1" : undefined;
    const port = (name: string) => rule.attribute(name) ?? anyPort;
    const parts = [
      group,
      rule.attribute("flow"),
      rule.attribute("ip_protocol"),
      port("from_port_range"),
      port("to_port_range"),
      rule.attribute("ip_range"),
    ];
    return parts.includes(undefined) ? { stateId: group } : parts.join("_");
  },
};

/** An id that is made of attributes alone. */
function joined(...names: string[]) {
  return ({ attribute }: LostResource): string | undefined => {
    const parts = names.map(attribute);
    return parts.includes(undefined) ? undefined : parts.join("_");
  };
}
