/**
 * Security group of a Net: its name is unique there; it allows all outbound and no inbound traffic.
 * The provider detaches a group in use (9085) from objects that have another one, then retries the
 * deletion until its timeout. A rule of another group that names it keeps it too.
 */
import { Refusal, type CallContext, type Value, type Values } from "../../protocol/model";
import { stringOf } from "../values";
import type { Account } from "./account";
import { TIMEOUT } from "./catalogue";
import { alsoRequires, lengthAtMost } from "./checks";
import { conflict, invalidValue, isCode } from "./errors";
import { newId } from "./ids";
import type { SecurityGroup } from "./objects";
import { EVERYTHING, shownRules } from "./security-rules";
import type { Kind } from "./resource";
import { timeoutOf } from "./timeouts";

/** Characters that the API accepts in names and descriptions: no apostrophe, no quote. */
const TEXT = /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

export function securityGroup(account: Account): Kind<SecurityGroup> {
  return {
    type: "outscale_security_group",
    generation: "framework",
    title: "Security Group",
    replacedBy: ["description", "remove_default_outbound_rule"],
    replacedWhenKnown: ["net_id", "security_group_name"],
    keeps: ["id", "security_group_id"],
    defaults: { remove_default_outbound_rule: false },
    validate: (config) => [
      ...lengthAtMost(config, "description", 255),
      ...lengthAtMost(config, "security_group_name", 255),
      ...alsoRequires(config, "remove_default_outbound_rule", "net_id", []),
    ],
    plan({ prior, planned, warn }) {
      if (prior === null || !differs(prior, planned)) return;
      const only = usersWithout(account, stringOf(prior.id) ?? "", "any");
      if (only.length === 0) return;
      warn(...uniqueGroup(only, true));
      if (prior.security_group_name === planned.security_group_name)
        warn(
          "Security Group name conflict.",
          'When using "create_before_destroy", change the "security_group_name" to a different value. Both security groups exist temporarily during replacement, and the API requires unique names.',
        );
    },
    planDeletion(prior, context) {
      const only = usersWithout(account, stringOf(prior.id) ?? "", "any");
      if (only.length > 0) context.warn(...uniqueGroup(only, false));
    },

    create(planned) {
      const net = stringOf(planned.net_id);
      if (net !== undefined) account.nets.find(net);
      const name = stringOf(planned.security_group_name) ?? newId("terraform");
      const description = stringOf(planned.description) ?? "";
      checkStrings(name, description);
      const siblings = account.securityGroups.all().filter((group) => group.net === net);
      if (siblings.some((group) => group.name === name))
        throw conflict(9008, `A security group named ${name} already exists.`);
      account.checkQuota("securityGroupsPerNet", siblings.length);
      return account.securityGroups.put({
        ...account.newObject("sg"),
        net,
        name,
        description,
        isDefault: false,
        inbound: [],
        outbound:
          net === undefined || planned.remove_default_outbound_rule === true ? [] : [EVERYTHING],
      });
    },

    find: (state) => account.securityGroups.get(stringOf(state.id) ?? ""),

    show: (object) => ({
      id: object.id,
      security_group_id: object.id,
      security_group_name: object.name,
      description: object.description,
      account_id: account.id,
      net_id: object.net ?? "",
      inbound_rules: shownRules(account, object.inbound),
      outbound_rules: shownRules(account, object.outbound),
    }),

    update: () => undefined,
    delete: (state, context) => deleteDetached(account, state, context),
  };
}

function differs(prior: Values, planned: Values): boolean {
  return ["description", "net_id", "remove_default_outbound_rule", "security_group_name"].some(
    (name) => (prior[name] ?? null) !== (planned[name] ?? (null as Value)),
  );
}

function uniqueGroup(users: readonly string[], isReplaced: boolean): [string, string] {
  const hint = isReplaced
    ? "\n\nAdd a lifecycle block with create_before_destroy = true to create the new Security Group before destroying the old one."
    : "";
  return [
    `The Security Group is the unique Security Group of the following resources: [${users.join(" ")}].`,
    `The resource is being destroyed and this operation will fail because other resources depend on it as their only security group.${hint}`,
  ];
}

function checkStrings(name: string, description: string): void {
  if (!TEXT.test(name) || name.startsWith("sg-"))
    throw invalidValue(4047, `The value ${name} of SecurityGroupName is invalid.`);
  if (!TEXT.test(description))
    throw invalidValue(4047, `The value ${description} of Description is invalid.`);
}

/** Objects whose only group it is. */
function usersWithout(account: Account, id: string, kind: "vm" | "lbu" | "any"): string[] {
  const only = ({ groups }: { groups: string[] }) => groups.length === 1 && groups[0] === id;
  const balancers = account.loadBalancers.all().filter(({ phase }) => phase !== "deleting");
  return [
    ...(kind === "lbu" ? [] : account.vms.all().filter(only)),
    ...(kind === "vm" ? [] : balancers.filter(only)),
  ].map((user) => user.id);
}

async function deleteDetached(account: Account, state: Values, context: CallContext) {
  const id = stringOf(state.id) ?? "";
  const remove = () => {
    deleteGroup(account, id);
  };
  try {
    remove();
  } catch (error) {
    if (!isCode(error, [9085])) throw error;
    detach(account, id);
    await retried(account, remove, timeoutOf(state, "delete", TIMEOUT.delete), context);
  }
}

async function retried(
  account: Account,
  remove: () => void,
  timeout: number,
  context: CallContext,
): Promise<void> {
  try {
    await account.retry([9085], timeout, context, remove);
  } catch (error) {
    if (!isCode(error, [9085]) || !(error instanceof Error)) throw error;
    throw new Refusal("Unable to delete Security Group after unlinking resources", error.message);
  }
}

function deleteGroup(account: Account, id: string): void {
  const object = account.securityGroups.find(id);
  const users = [...account.vms.all(), ...account.loadBalancers.all()].filter(({ groups }) =>
    groups.includes(id),
  );
  const referring = account.securityGroups
    .all()
    .filter(
      (other) =>
        other.id !== id &&
        [...other.inbound, ...other.outbound].some(
          ({ peer }) => "group" in peer && peer.group === id,
        ),
    );
  const holders = [...users, ...referring].map((holder) => holder.id);
  if (holders.length > 0)
    throw conflict(9085, `The security group ${object.id} is in use by ${holders.join(", ")}.`);
  account.securityGroups.remove(id);
}

/** From every object that has another one. */
function detach(account: Account, id: string): void {
  for (const [kind, words] of [
    ["vm", "VMs"],
    ["lbu", "LBUs"],
  ] as const) {
    const users = usersWithout(account, id, kind);
    if (users.length > 0)
      throw new Refusal(
        `The Security Group is the unique Security Group of the following ${words}: [${users.join(" ")}].`,
        `The Security Group cannot be deleted and needs to be removed from the ${words} first.`,
      );
  }
  for (const user of [...account.vms.all(), ...account.loadBalancers.all()])
    if (user.groups.length > 1) user.groups = user.groups.filter((group) => group !== id);
  account.save();
}
