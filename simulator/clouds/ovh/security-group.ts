/**
 * Security group: filters the traffic of a port. A new one allows all outbound and no inbound
 * traffic; the project's default one, which ports without configured groups have, is open in both
 * directions on OVHcloud.
 */
import type { Values } from "../../protocol/model";
import { isTrue } from "../values";
import type { Account } from "./account";
import { networkError, overQuota } from "./errors";
import { uuidOf } from "./ids";
import type { SecurityGroup } from "./objects";
import type { Kind } from "./resource";
import { deleted } from "./retry";

export function securityGroup(account: Account): Kind<SecurityGroup> {
  return {
    type: account.securityGroups.kind,
    objects: account.securityGroups,
    service: "network",
    path: "v2.0/security-groups",
    messages: { update: () => "Error updating openstack_networking_secgroup_v2" },
    replacedBy: ["delete_default_rules"],

    create(planned, { region }) {
      if (account.count(account.securityGroups, region) >= account.limits.quotas.securityGroups)
        throw overQuota("security_group");
      return { ...account.newObject(region, planned), stateful: planned.stateful !== false };
    },

    finish(object, planned) {
      if (isTrue(planned.delete_default_rules)) return;
      for (const ethertype of ["IPv4", "IPv6"])
        account.securityRules.put({
          ...account.newObject(object.region, {}),
          group: object.id,
          direction: "egress",
          ethertype,
          protocol: "",
          portMin: 0,
          portMax: 0,
          remoteGroup: "",
          remotePrefix: "",
          remoteAddressGroup: "",
        });
    },

    show: (object) => ({ stateful: object.stateful }),

    update(object, planned) {
      object.stateful = planned.stateful !== false;
    },

    async delete(object, call) {
      await deleted(call, "Error deleting openstack_networking_secgroup_v2:", () => {
        removeGroup(account, object);
      });
    },
  };
}

/** Rules of other groups that refer to it are deleted with it. */
function removeGroup(account: Account, { id }: SecurityGroup): void {
  if (account.ports.all().some(({ securityGroups }) => securityGroups.includes(id)))
    throw networkError(409, "SecurityGroupInUse", `Security Group ${id} in use.`);
  for (const rule of account.securityRules.all())
    if (rule.group === id || rule.remoteGroup === id) account.securityRules.remove(rule.id);
  account.securityGroups.remove(id);
}

/** The project's default group in a region, which is in no state. */
export function defaultGroup(region: string): string {
  return uuidOf(`default security group ${region}`);
}

/** @throws ApiError 404 for one that the project does not have. */
export function checkGroups(account: Account, ids: readonly string[], region: string): void {
  for (const id of ids) if (id !== defaultGroup(region)) account.securityGroups.find(id, region);
}

export function groupName(account: Account, id: string): Values[string] {
  return account.securityGroups.get(id)?.name ?? "default";
}
