/**
 * A route of a table, to exactly one target. The provider waits for it to be active: one to an
 * internet service that is not linked to the Net is a blackhole, and fails at once.
 */
import { Refusal, type Values } from "../../protocol/model";
import { parseSubnet } from "../addresses";
import { stringOf } from "../values";
import type { Account } from "./account";
import { wrongConfiguration } from "./checks";
import { conflict, invalidValue, notFound } from "./errors";
import type { Route, RouteTable, RouteTarget } from "./objects";
import type { Kind } from "./resource";
import { shownRoute } from "./route-table";
import { stateOf } from "./topology";

const TARGETS = ["gateway_id", "nat_service_id", "net_peering_id", "nic_id", "vm_id"];

interface RouteInTable {
  readonly table: RouteTable;
  readonly route: Route;
}

export function route(account: Account): Kind<RouteInTable> {
  return {
    type: "outscale_route",
    generation: "framework",
    title: "Route",
    replacedBy: ["route_table_id", "destination_ip_range"],
    defaults: { await_active_state: true },
    destruction: "Applying this resource destruction will fully destroy this resource.",
    validate(config) {
      const set = TARGETS.filter((name) => (config[name] ?? null) !== null);
      if (set.length === 1) return [];
      return [
        wrongConfiguration(
          `Exactly one of [${TARGETS.join(" ")}] should be set.`,
          "Attribute Configuration",
        ),
      ];
    },

    create(planned) {
      const table = account.routeTables.find(stringOf(planned.route_table_id) ?? "");
      const destination = stringOf(planned.destination_ip_range) ?? "";
      if (parseSubnet(destination) === undefined)
        throw invalidValue(4047, `The value ${destination} of DestinationIpRange is invalid.`);
      if (table.routes.some((other) => other.destination === destination))
        throw conflict(9029, `The route table ${table.id} has a route to ${destination} already.`);
      const created = { destination, target: targetOf(account, planned) };
      table.routes.push(created);
      account.save();
      return { table, route: created };
    },

    finish({ table, route: created }, planned) {
      if (planned.await_active_state !== false) awaitActive(account, table, created);
    },

    find: (state) =>
      routeIn(account, stringOf(state.route_table_id), stringOf(state.destination_ip_range)),

    show: ({ table, route: shown }) => ({
      id: `${table.id}_${shown.destination}`,
      route_table_id: table.id,
      ...shownRoute(account, table, shown),
    }),

    update({ table, route: changed }, planned) {
      changed.target = targetOf(account, planned);
      account.save();
      if (planned.await_active_state !== false) awaitActive(account, table, changed);
    },

    delete(state) {
      const found = routeIn(
        account,
        stringOf(state.route_table_id),
        stringOf(state.destination_ip_range),
      );
      if (found === undefined) throw notFound("route", stringOf(state.id) ?? "");
      found.table.routes = found.table.routes.filter((other) => other !== found.route);
    },

    import(id) {
      const [table = "", destination] = id.split("_", 2);
      if (destination === undefined)
        throw new Refusal(
          "Unexpected Import Identifier",
          `Expected import Route identifier in the format {route_table_id}_{destination_ip_range}, got: ${id}`,
        );
      return {
        id,
        route_table_id: table,
        destination_ip_range: destination,
        await_active_state: true,
      };
    },
  };
}

function routeIn(account: Account, tableId: string | undefined, destination: string | undefined) {
  const table = account.routeTables.get(tableId ?? "");
  const found = table?.routes.find((candidate) => candidate.destination === destination);
  return table && found && { table, route: found };
}

/** @throws ApiError 5xxx when the target does not exist. */
function targetOf(account: Account, planned: Values): RouteTarget {
  const [gateway, nat, netPeering, nic, vm] = TARGETS.map((name) => stringOf(planned[name]));
  if (gateway !== undefined) return { gateway: account.internetServices.find(gateway).id };
  if (nat !== undefined) return { nat: account.natServices.find(nat).id };
  if (vm !== undefined) return { vm: account.vms.find(vm).id };
  if (nic !== undefined) return { nic };
  return { netPeering };
}

function awaitActive(account: Account, table: RouteTable, route: Route): void {
  if (stateOf(account, table, route) === "blackhole")
    throw new Refusal(
      "Unable to wait for Route state",
      "failed to reach target state: route is in 'blackhole' failing state",
    );
}
