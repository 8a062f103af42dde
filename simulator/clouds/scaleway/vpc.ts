/**
 * VPC. The API returns routing and route propagation as on and transitivity as off, whatever is
 * sent (recorded), and refuses to delete one that holds a private network.
 */
import { Refusal } from "../../protocol/model";
import type { Account } from "./account";
import { stillInUse } from "./errors";
import { srn } from "./ids";
import type { Vpc } from "./objects";
import type { Kind } from "./resource";
import { isTrue, stringOf, stringsOf } from "../values";

export function vpc(account: Account): Kind<Vpc> {
  return {
    objects: account.vpcs,
    locality: "region",
    shortName: "vpc",
    replacedBy: ["enable_transitivity"],

    plan({ prior, planned }) {
      if (isTrue(prior?.enable_routing) && planned.enable_routing === false)
        throw new Refusal("routing cannot be disabled on this VPC");
    },

    create(planned, region) {
      return {
        ...account.newObject(
          region,
          {
            name: stringOf(planned.name),
            tags: stringsOf(planned.tags),
            projectId: stringOf(planned.project_id),
          },
          "vpc",
        ),
        transitivity: false,
      };
    },

    show(object) {
      return {
        is_default: false,
        enable_routing: true,
        enable_custom_routes_propagation: true,
        enable_transitivity: object.transitivity,
        srn: srn("vpc", object),
      };
    },

    delete(object) {
      if (account.privateNetworks.all().some((network) => network.vpc === object.id))
        throw stillInUse("VPC must be empty to be deleted");
    },
  };
}
