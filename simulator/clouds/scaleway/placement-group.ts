/** Placement group: keeps at most twenty servers on different hypervisors of one zone. */
import type { Account } from "./account";
import { oneOf } from "../checks";
import { stillInUse } from "./errors";
import type { PlacementGroup } from "./objects";
import type { Kind } from "./resource";
import { stringOf, stringsOf } from "../values";

export function placementGroup(account: Account): Kind<PlacementGroup> {
  return {
    objects: account.placementGroups,
    locality: "zone",
    product: "instance",
    shortName: "pg",
    defaults: { policy_type: "max_availability", policy_mode: "optional" },
    checks: {
      values: {
        policy_type: oneOf("max_availability", "low_latency"),
        policy_mode: oneOf("optional", "enforced"),
      },
    },

    create(planned, zone) {
      account.checkQuota("scaleway_instance_placement_group", account.placementGroups.all().length);
      return {
        ...account.newObject(
          zone,
          {
            name: stringOf(planned.name),
            tags: stringsOf(planned.tags),
            projectId: stringOf(planned.project_id),
          },
          "pg",
        ),
        policyType: stringOf(planned.policy_type) ?? "max_availability",
        policyMode: stringOf(planned.policy_mode) ?? "optional",
      };
    },

    show: (object) => ({
      policy_type: object.policyType,
      policy_mode: object.policyMode,
      policy_respected: true,
    }),

    update(object, planned) {
      object.policyType = stringOf(planned.policy_type) ?? object.policyType;
      object.policyMode = stringOf(planned.policy_mode) ?? object.policyMode;
    },

    delete(object) {
      if (account.servers.all().some(({ placementGroup: used }) => used === object.id))
        throw stillInUse("placement group is used by a server");
    },
  };
}
