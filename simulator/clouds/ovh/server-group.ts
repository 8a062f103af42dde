/** Server group: keeps its servers on different hypervisors, strictly or where possible. */
import type { DataSourceModel } from "../../protocol/model";
import { blockOf, numberOf, stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import { atLeast } from "./checks";
import { computeError } from "./errors";
import { findOne } from "./found-data";
import { hexOf } from "./ids";
import type { ServerGroup } from "./objects";
import type { Kind } from "./resource";

const POLICIES = ["affinity", "anti-affinity", "soft-affinity", "soft-anti-affinity"];

export function serverGroup(account: Account): Kind<ServerGroup> {
  return {
    type: account.serverGroups.kind,
    objects: account.serverGroups,
    service: "compute",
    path: "v2.1/os-server-groups",
    messages: {
      create: ({ name }) => `Error creating ${account.serverGroups.kind} ${stringOf(name)}`,
    },
    replacedBy: ["name", "policies", "rules"],
    computedBlocks: ["rules"],
    checks: {
      values: { "rules.max_server_per_host": atLeast(1) },
      maxItems: { policies: 1 },
    },

    create(planned, { region }) {
      const [policy = ""] = stringsOf(planned.policies);
      if (!POLICIES.includes(policy))
        throw computeError(
          400,
          `Invalid input for field/attribute policy. Value: ${policy}. '${policy}' is not one of ['anti-affinity', 'affinity', 'soft-anti-affinity', 'soft-affinity']`,
        );
      if (account.count(account.serverGroups, region) >= account.limits.quotas.serverGroups)
        throw computeError(403, "Quota exceeded, too many server groups.");
      const rules = blockOf(planned.rules);
      return {
        ...account.newObject(region, planned),
        policy,
        maxServersPerHost: numberOf(rules?.max_server_per_host) ?? 0,
      };
    },

    show: (object) => shownGroup(account, object),

    delete(object) {
      account.serverGroups.remove(object.id);
    },
  };
}

function shownGroup(account: Account, { id, policy, maxServersPerHost }: ServerGroup) {
  return {
    policies: [policy],
    members: account.servers
      .all()
      .filter(({ group }) => group === id)
      .map((server) => server.id),
    rules: [{ max_server_per_host: maxServersPerHost }],
  };
}

export function serverGroupData(account: Account): DataSourceModel {
  return findOne<ServerGroup>(account, {
    objects: account.serverGroups,
    service: "compute",
    show: (object) => ({ ...shownGroup(account, object), metadata: {}, user_id: hexOf("user") }),
    none: ({ name }) => `Could not find any servergroup with this name: ${stringOf(name) ?? ""}`,
    several: ({ name }) =>
      `More than one servergroup found with this name: ${stringOf(name) ?? ""}`,
  });
}
