/**
 * Security group: filters the public interface of its servers, in one zone. Servers without a
 * configured one share the project's default group, which accepts everything.
 */
import { createHash } from "node:crypto";
import type { Value, Values } from "../../protocol/model";
import type { Account } from "./account";
import { SECURITY_RULES_QUOTA } from "./catalogue";
import { cidrNetwork, ipAddress, oneOf } from "../checks";
import { invalidArgument, quotaExceeded, stillInUse } from "./errors";
import type { SecurityGroup, SecurityRule } from "./objects";
import type { Kind } from "./resource";
import { blocksOf, isTrue, isZero, numberOf, sameValue, stringOf, stringsOf } from "../values";

const POLICY = oneOf("accept", "drop");
const DIRECTIONS = ["inbound_rule", "outbound_rule"] as const;

export function securityGroup(account: Account): Kind<SecurityGroup> {
  return {
    objects: account.securityGroups,
    locality: "zone",
    product: "instance",
    shortName: "sg",
    defaults: {
      stateful: true,
      inbound_default_policy: "accept",
      outbound_default_policy: "accept",
      external_rules: false,
      enable_default_security: true,
      "inbound_rule.protocol": "TCP",
      "outbound_rule.protocol": "TCP",
    },
    checks: {
      values: {
        inbound_default_policy: POLICY,
        outbound_default_policy: POLICY,
        ...Object.fromEntries(
          DIRECTIONS.flatMap((direction) => [
            [`${direction}.action`, POLICY],
            [`${direction}.protocol`, oneOf("TCP", "UDP", "ICMP", "ANY")],
            [`${direction}.ip`, ipAddress],
            [`${direction}.ip_range`, cidrNetwork],
          ]),
        ),
      },
      conflicts: [
        ["external_rules", "inbound_rule"],
        ["external_rules", "outbound_rule"],
      ],
    },

    create(planned, zone) {
      return {
        ...account.newObject(
          zone,
          {
            name: stringOf(planned.name),
            tags: stringsOf(planned.tags),
            projectId: stringOf(planned.project_id),
          },
          "sg",
        ),
        ...policiesOf(planned),
        inboundRules: [],
        outboundRules: [],
      };
    },

    // As in the provider, the rules are written after the group.
    finish(object, planned) {
      writeRules(account, object, planned);
    },

    show: (object, given) => ({
      description: object.description || (given.description ?? null),
      stateful: object.stateful,
      enable_default_security: object.enableDefaultSecurity,
      inbound_default_policy: object.inboundDefaultPolicy,
      outbound_default_policy: object.outboundDefaultPolicy,
      inbound_rule: shownRules(object.inboundRules, given, "inbound_rule"),
      outbound_rule: shownRules(object.outboundRules, given, "outbound_rule"),
    }),

    update(object, planned) {
      Object.assign(object, policiesOf(planned));
      writeRules(account, object, planned);
    },

    delete(object) {
      if (account.servers.all().some(({ securityGroup: used }) => used === object.id))
        throw stillInUse("security group is used by a server");
    },
  };
}

/** The project's default group of a zone: created by the API, in no state, accepts everything. */
export function defaultSecurityGroup(projectId: string, zone: string): string {
  const hex = createHash("sha256").update(`${projectId} ${zone}`).digest("hex");
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return `${zone}/${[...groups, hex.slice(20, 32)].join("-")}`;
}

function policiesOf(planned: Values) {
  return {
    description: stringOf(planned.description) ?? "",
    stateful: isTrue(planned.stateful),
    enableDefaultSecurity: isTrue(planned.enable_default_security),
    inboundDefaultPolicy: stringOf(planned.inbound_default_policy) ?? "accept",
    outboundDefaultPolicy: stringOf(planned.outbound_default_policy) ?? "accept",
  };
}

function writeRules(account: Account, object: SecurityGroup, planned: Values): void {
  if (isTrue(planned.external_rules)) return;
  const inbound = blocksOf(planned.inbound_rule).map(ruleOf);
  const outbound = blocksOf(planned.outbound_rule).map(ruleOf);
  const others = account.securityGroups
    .all()
    .filter(({ id }) => id !== object.id)
    .reduce((sum, group) => sum + group.inboundRules.length + group.outboundRules.length, 0);
  const total = others + inbound.length + outbound.length;
  if (total > SECURITY_RULES_QUOTA)
    throw quotaExceeded("instance_security_group_rule", others, SECURITY_RULES_QUOTA);
  object.inboundRules = inbound;
  object.outboundRules = outbound;
  account.touch(object);
}

function ruleOf(block: Values): SecurityRule {
  const [from = 0, to = from] = isZero(block.port_range)
    ? [numberOf(block.port) ?? 0]
    : (stringOf(block.port_range) ?? "").split("-").map(Number);
  if (
    ![from, to].every((port) => Number.isInteger(port) && port >= 0 && port <= 65535) ||
    from > to
  )
    throw invalidArgument("dest_port_from", "constraint", `no such range of ports: ${from}-${to}`);
  const protocol = stringOf(block.protocol) ?? "TCP";
  if (["ICMP", "ANY"].includes(protocol) && from > 0)
    throw invalidArgument("dest_port_from", "constraint", `${protocol} has no ports`);
  const ip = stringOf(block.ip);
  return {
    action: block.action === "accept" ? "accept" : "drop",
    protocol,
    portFrom: from,
    portTo: to,
    ipRange: stringOf(block.ip_range) ?? (ip === undefined ? "0.0.0.0/0" : `${ip}/32`),
  };
}

/** An equivalent rule in another form keeps the form of the state. */
function shownRules(
  rules: readonly SecurityRule[],
  given: Values,
  direction: (typeof DIRECTIONS)[number],
): Value {
  if (isTrue(given.external_rules)) return given[direction] ?? [];
  const before = blocksOf(given[direction]);
  return rules.map((rule, index) => {
    const state = before[index];
    if (state !== undefined && sameRule(ruleOf(state), rule)) return state;
    return {
      action: rule.action,
      protocol: rule.protocol,
      port: rule.portFrom === rule.portTo ? rule.portFrom : 0,
      port_range: rule.portFrom === rule.portTo ? "" : `${rule.portFrom}-${rule.portTo}`,
      ip: null,
      ip_range: rule.ipRange,
    };
  });
}

function sameRule(a: SecurityRule, b: SecurityRule): boolean {
  return sameValue({ ...a }, { ...b });
}
