/**
 * The one explicit link of a subnet to a route table. The provider does not notice that it is gone:
 * it stores empty strings.
 */
import { Refusal } from "../../protocol/model";
import { stringOf } from "../values";
import type { Account } from "./account";
import { conflict, invalidValue, notFound } from "./errors";
import { newId } from "./ids";
import type { RouteTable } from "./objects";
import type { Kind } from "./resource";

export function routeTableLink(account: Account): Kind<{ table: RouteTable; link: string }> {
  return {
    type: "outscale_route_table_link",
    generation: "framework",
    title: "Route Table Link",
    replacedBy: ["route_table_id", "subnet_id"],
    destruction: "Applying this resource destruction will fully destroy this resource.",

    create(planned) {
      const table = account.routeTables.find(stringOf(planned.route_table_id) ?? "");
      const subnet = account.subnets.find(stringOf(planned.subnet_id) ?? "");
      if (subnet.net !== table.net)
        throw invalidValue(4045, `${table.id} and ${subnet.id} are not in the same Net.`);
      const other = account.routeTables
        .all()
        .find(({ links }) => links.some((link) => link.subnet === subnet.id));
      if (other !== undefined)
        throw conflict(9029, `The subnet ${subnet.id} is linked to ${other.id} already.`);
      const link = newId("rtbassoc");
      table.links.push({ id: link, subnet: subnet.id });
      account.save();
      return { table, link };
    },

    find(state) {
      const table = account.routeTables.get(stringOf(state.route_table_id) ?? "");
      return table && { table, link: stringOf(state.link_route_table_id) ?? "" };
    },

    show({ table, link }) {
      const found = table.links.find(({ id }) => id === link);
      return {
        id: found?.id ?? "",
        link_route_table_id: found?.id ?? "",
        main: false,
        net_id: "",
        route_table_id: found === undefined ? "" : table.id,
        subnet_id: found?.subnet ?? "",
      };
    },

    delete(state) {
      const id = stringOf(state.link_route_table_id) ?? "";
      const table = account.routeTables
        .all()
        .find(({ links }) => links.some((one) => one.id === id));
      if (table === undefined) throw notFound("routeTableLink", id);
      table.links = table.links.filter((one) => one.id !== id);
    },

    import(id) {
      const [table = "", link] = id.split("_", 2);
      if (link === undefined)
        throw new Refusal(
          "Unexpected Import Identifier",
          `Expected import Route Table Link identifier in the format {route_table_id}_{link_route_table_id}, got: ${id}`,
        );
      return { id, route_table_id: table, link_route_table_id: link };
    },
  };
}
