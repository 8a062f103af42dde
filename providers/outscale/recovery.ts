import type { CloudProvider } from "../../constructs/cloud-provider";
import type { LostResource } from "../../constructs/recovery";
import { isGone } from "./gone";

/** Each type of resource that an Outscale stack can have (provider 1.8.0). */
export const recovery: CloudProvider["recovery"] = {
  outscale_internet_service: { lookUp: { ask: "" } },
  outscale_internet_service_link: {
    importId: ({ attribute }) => attribute("internet_service_id"),
    lookUp: "import",
    isGone: isGone.internetServiceLink,
  },
  outscale_load_balancer: {
    importId: ({ attribute }) => attribute("load_balancer_name"),
    lookUp: "import",
  },
  // Both only say how the load balancer is to be, or whom it serves.
  outscale_load_balancer_attributes: { importId: "none", lookUp: "create" },
  outscale_load_balancer_vms: { importId: "none", lookUp: "create" },
  outscale_nat_service: { lookUp: { ask: "" } },
  outscale_net: { lookUp: { ask: "" } },
  outscale_public_ip: { lookUp: { ask: "" } },
  outscale_public_ip_link: { lookUp: { ask: "" }, isGone: isGone.publicIpLink },
  outscale_route: {
    importId: joined("route_table_id", "destination_ip_range"),
    lookUp: "import",
  },
  outscale_route_table: { lookUp: { ask: "" } },
  outscale_route_table_link: {
    importId: ({ id, attribute }) => {
      const table = attribute("route_table_id");
      return id === undefined || table === undefined ? undefined : `${table}_${id}`;
    },
    lookUp: { ask: "" },
    isGone: isGone.routeTableLink,
  },
  outscale_security_group: { lookUp: { ask: "" } },
  outscale_security_group_rule: {
    // A rule for the members of a group has no range, and with it no import id. Its own is its group's.
    importId: (rule) => {
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
    lookUp: "import",
    isGone: isGone.securityGroupRule,
  },
  outscale_subnet: { lookUp: { ask: "" } },
  outscale_vm: { lookUp: { ask: "" } },
};

/** An id that is made of attributes alone. */
function joined(...names: string[]) {
  return ({ attribute }: LostResource): string | undefined => {
    const parts = names.map(attribute);
    return parts.includes(undefined) ? undefined : parts.join("_");
  };
}
