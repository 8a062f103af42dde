/**
 * Rule of a security group. Its id is the group's, so all rules of a group have the same one. The
 * provider only checks whether the group exists: it does not notice a rule that was deleted
 * elsewhere.
 */
import { isUnknown, Refusal, type PlannedChange, type Values } from "../../protocol/model";
import { blocksOf, stringOf } from "../values";
import type { Account } from "./account";
import { alsoRequires, conflictsWith, oneOf, wrongConfiguration } from "./checks";
import { conflict, notFound } from "./errors";
import type { SecurityGroup, SecurityRule } from "./objects";
import type { Kind } from "./resource";
import { rulesOf, sameRule } from "./security-rules";

const FLAT = ["ip_range", "from_port_range", "to_port_range", "ip_protocol"];
const LINK = ["security_group_account_id_to_link", "security_group_name_to_link"];
const PORTS = ["from_port_range", "to_port_range"] as const;

export function securityGroupRule(account: Account): Kind<SecurityGroup> {
  return {
    type: "outscale_security_group_rule",
    generation: "framework",
    title: "Security Group Rule",
    replacedBy: ["flow", "security_group_id", ...FLAT, ...LINK, "rules"],
    defaults: {
      "rules.ip_ranges": [],
      "rules.service_ids": [],
      "rules.security_groups_members.account_id": "",
      "rules.security_groups_members.security_group_id": "",
      "rules.security_groups_members.security_group_name": "",
    },
    destruction: "Applying this resource destruction will fully destroy this resource.",
    validate: problems,
    plan: warnOfPorts,

    create(planned) {
      const group = account.securityGroups.find(stringOf(planned.security_group_id) ?? "");
      const rules = rulesOf(account, planned);
      const flow = flowOf(group, planned);
      if (rules.some((rule) => flow.some((there) => sameRule(there, rule))))
        throw conflict(9029, `The security group ${group.id} has this rule already.`);
      flow.push(...rules);
      account.save();
      return group;
    },

    find: (state) => account.securityGroups.get(stringOf(state.id) ?? ""),

    show: ({ id, name, net }) => ({ id, security_group_name: name, net_id: net ?? "" }),

    delete(state) {
      const group = account.securityGroups.find(stringOf(state.security_group_id) ?? "");
      const flow = flowOf(group, state);
      for (const rule of rulesOf(account, state)) {
        const index = flow.findIndex((there) => sameRule(there, rule));
        if (index < 0) throw notFound("securityGroupRule", JSON.stringify(rule));
        flow.splice(index, 1);
      }
    },

    import: (id) => importedRule(account, id),
  };
}

function flowOf(group: SecurityGroup, values: Values): SecurityRule[] {
  return values.flow === "Outbound" ? group.outbound : group.inbound;
}

function problems(config: Values) {
  const isAll = (values: Values) => values.ip_protocol === "-1";
  const inPairs = (values: Values, at: (string | number)[]) =>
    isAll(values)
      ? []
      : PORTS.flatMap((name, index) => alsoRequires(values, name, PORTS[1 - index] ?? "", at));
  return [
    ...oneOf(config, "flow", ["Inbound", "Outbound"]),
    ...FLAT.flatMap((name) => conflictsWith(config, name, ["rules", ...LINK])),
    ...LINK.flatMap((name) => conflictsWith(config, name, ["rules", ...FLAT])),
    ...inPairs(config, []),
    ...blocksOf(config.rules).flatMap((block, index) => [
      ...inPairs(block, ["rules", index]),
      ...(isAll(block)
        ? []
        : PORTS.flatMap((port) => alsoRequires(block, "ip_ranges", port, ["rules", index]))),
    ]),
    ...nothingSet(config),
  ];
}

function nothingSet(config: Values) {
  const names = ["rules", ...FLAT, ...LINK];
  const isSet = names.some((name) => {
    const value = config[name] ?? null;
    return value !== null && !(Array.isArray(value) && value.length === 0);
  });
  if (isSet) return [];
  return [
    wrongConfiguration(
      `At least one of [${names.join(" ")}] should be set.`,
      "Attribute Configuration",
    ),
  ];
}

function warnOfPorts({ prior, config, warn }: PlannedChange): void {
  if (prior !== null) return;
  for (const values of [config, ...blocksOf(config.rules)]) {
    const hasPorts = PORTS.some((name) => {
      const value = values[name] ?? null;
      return value !== null && !isUnknown(value);
    });
    if (values.ip_protocol === "-1" && hasPorts)
      warn(
        "IP Protocol Configuration",
        "Attribute `ip_protocol` set to -1 targets all protocols, `from_port_range` and `to_port_range` attributes will be ignored. \nDocumentation: https://docs.outscale.com/en/userguide/About-Security-Group-Rules.html",
      );
  }
}

function importedRule(account: Account, id: string): Values {
  const parts = id.split("_");
  const [group = "", flow = "", protocol = "", from, to, ...range] = parts;
  const ipRange = range.join("_");
  const found = account.securityGroups.get(group);
  const rule = {
    protocol,
    from: Number(from),
    to: Number(to),
    peer: { ipRange },
  };
  const isOutbound = flow.toLowerCase() === "outbound";
  const rules = (isOutbound ? found?.outbound : found?.inbound) ?? [];
  if (!rules.some((there) => sameRule(there, rule)))
    throw new Refusal(
      parts.length < 6
        ? "Unexpected Import Identifier"
        : "Unable to find the Security Group Rule with the requested attributes",
      `Expected import Security Group Rule identifier in the format {security_group_id}_{flow}_{ip_protocol}_{from_port}_{to_port}_{ip_range}, got: ${id}`,
    );
  return {
    id: group,
    security_group_id: group,
    flow: isOutbound ? "Outbound" : "Inbound",
    ip_protocol: protocol,
    from_port_range: rule.from,
    to_port_range: rule.to,
    ip_range: ipRange,
  };
}
