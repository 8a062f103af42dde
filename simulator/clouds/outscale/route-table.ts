/** Route table of a Net: starts with the Net's own route, and lists what routes and links add. */
import type { Values } from "../../protocol/model";
import { stringOf } from "../values";
import type { Account } from "./account";
import { conflict } from "./errors";
import type { Route, RouteTable } from "./objects";
import type { Kind } from "./resource";
import { stateOf } from "./topology";

export function routeTable(account: Account): Kind<RouteTable> {
  return {
    type: "outscale_route_table",
    generation: "framework",
    title: "Route Table",
    replacedBy: ["net_id"],
    keeps: ["id", "route_table_id"],
    destruction: "Applying this resource destruction will fully destroy this resource.",

    create(planned) {
      const { id, ipRange } = account.nets.find(stringOf(planned.net_id) ?? "");
      return account.routeTables.put({
        ...account.newObject("rtb"),
        net: id,
        isMain: false,
        routes: [{ destination: ipRange, target: {} }],
        links: [],
      });
    },

    find: (state) => account.routeTables.get(stringOf(state.id) ?? ""),

    show: (object) => ({
      id: object.id,
      route_table_id: object.id,
      net_id: object.net,
      routes: object.routes.map((route) => shownRoute(account, object, route)),
      link_route_tables: object.links.map(({ id, subnet }) => ({
        link_route_table_id: id,
        main: false,
        net_id: "",
        route_table_id: object.id,
        subnet_id: subnet,
      })),
      route_propagating_virtual_gateways: [],
    }),

    update: () => undefined,

    delete(state) {
      const object = account.routeTables.find(stringOf(state.id) ?? "");
      if (object.links.length > 0)
        throw conflict(
          9029,
          `The route table ${object.id} is linked to ${object.links.map(({ subnet }) => subnet).join(", ")}.`,
        );
      account.routeTables.remove(object.id);
    },
  };
}

/** Unused targets are empty strings. */
export function shownRoute(account: Account, table: RouteTable, route: Route): Values {
  const { target, destination } = route;
  const isOwn = Object.keys(target).length === 0;
  return {
    creation_method: isOwn ? "CreateRouteTable" : "CreateRoute",
    destination_ip_range: destination,
    destination_service_id: "",
    gateway_id: isOwn ? "local" : (target.gateway ?? ""),
    nat_service_id: target.nat ?? "",
    net_access_point_id: "",
    net_peering_id: target.netPeering ?? "",
    nic_id: target.nic ?? "",
    state: stateOf(account, table, route),
    vm_account_id: target.vm === undefined ? "" : account.id,
    vm_id: target.vm ?? "",
  };
}
