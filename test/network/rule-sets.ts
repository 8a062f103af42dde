import fc from "fast-check";
import type { ExistingResource } from "../../simulator/reachability/resources";
import type { Value, Values } from "../../simulator/protocol/model";
import type { CloudName } from "../../constructs/model/cluster-spec";

/** Resources, and what is known of each, by address. */
export type Side = readonly ExistingResource[];

const network = fc.oneof(
  fc.constantFrom("0.0.0.0/0", "128.0.0.0/1", "203.0.0.0/8", "203.0.113.0/24", "172.16.4.0/22"),
  fc
    .record({ last: fc.nat(255), prefix: fc.integer({ min: 24, max: 32 }) })
    .map(({ last, prefix }) => {
      const size = 2 ** (32 - prefix);
      return `203.0.113.${Math.floor(last / size) * size}/${prefix}`;
    }),
);
const networks = fc.uniqueArray(network, { maxLength: 3 });
const protocol = fc.constantFrom("tcp", "udp", "any");
const ports = fc.constantFrom<[number, number]>(
  [0, 0],
  [22, 22],
  [1, 1000],
  [22, 23],
  [2222, 2222],
);
const flags = fc.nat(9).map((one) => one > 0);

/** Replaces every rule of one cloud, and sometimes removes what a path is made of. */
export const ruleSets: Readonly<Record<CloudName, fc.Arbitrary<(side: Side) => Side>>> = {
  scaleway: fc
    .record({
      acls: fc.array(
        fc.record({ isAllowed: fc.boolean(), networks, invert: fc.nat(5).map((n) => n === 0) }),
        { maxLength: 5 },
      ),
      rules: fc.array(fc.record({ isAllowed: fc.boolean(), network, protocol, ports }), {
        maxLength: 4,
      }),
      isClosed: fc.boolean(),
      hasFrontend: flags,
      hasBastion: flags,
    })
    .map(
      ({ acls, rules, isClosed, hasFrontend, hasBastion }) =>
        (side) =>
          changed(side, {
            "scaleway_lb_frontend.api": hasFrontend && {
              acl: acls.map((acl) => ({
                action: [{ type: acl.isAllowed ? "allow" : "deny" }],
                match: [{ ip_subnet: acl.networks, invert: acl.invert }],
              })),
            },
            "scaleway_instance_security_group.bastion": {
              inbound_default_policy: isClosed ? "drop" : "accept",
              inbound_rule: rules.map((rule) => ({
                action: rule.isAllowed ? "accept" : "drop",
                protocol: rule.protocol.toUpperCase(),
                ...(rule.ports[0] === rule.ports[1]
                  ? { port: rule.ports[0] }
                  : { port_range: rule.ports.join("-") }),
                ip_range: rule.network,
              })),
            },
            "scaleway_instance_server.bastion": hasBastion && {},
          }),
    ),
  ovh: fc
    .record({
      admitted: networks,
      rules: fc.array(
        fc.record({
          network: fc.option(network, { freq: 8 }),
          isInbound: flags,
          isOfBastion: flags,
          fromNodes: fc.nat(7).map((n) => n === 0),
          protocol,
          ports,
        }),
        { maxLength: 4 },
      ),
      hasListener: flags,
      hasApiAddress: flags,
      hasBastionAddress: flags,
    })
    .map(({ admitted, rules, hasListener, hasApiAddress, hasBastionAddress }) => (side) => {
      const type = "openstack_networking_secgroup_rule_v2";
      const group = (name: string) => idOf(side, "openstack_networking_secgroup_v2", name);
      const rest = side.filter((one) => one.type !== type || !one.name.startsWith("ssh_from"));
      const written = rules.map((rule, index) => ({
        mode: "managed" as const,
        type,
        name: `ssh_from_${index}`,
        values: {
          direction: rule.isInbound ? "ingress" : "egress",
          ethertype: "IPv4",
          security_group_id: group(rule.isOfBastion ? "bastion" : "nodes"),
          protocol: rule.protocol === "any" ? "" : rule.protocol,
          port_range_min: rule.ports[0],
          port_range_max: rule.ports[1],
          remote_ip_prefix: rule.fromNodes ? "" : (rule.network ?? ""),
          remote_group_id: rule.fromNodes ? group("nodes") : "",
        },
      }));
      const association = "openstack_networking_floatingip_associate_v2";
      return changed([...rest, ...written], {
        "openstack_lb_listener_v2.api": hasListener && { allowed_cidrs: admitted },
        [`${association}.api`]: hasApiAddress && {},
        [`${association}.bastion`]: hasBastionAddress && {},
      });
    }),
  outscale: fc
    .record({
      rules: fc.array(
        fc.record({
          networks: fc.uniqueArray(network, { minLength: 1, maxLength: 3 }),
          isInbound: flags,
          group: fc.constantFrom("bastion", "api", "nodes"),
          isLong: fc.boolean(),
          protocol,
          ports: fc.oneof(ports, fc.constant<[number, number]>([6443, 6443])),
        }),
        { maxLength: 5 },
      ),
      hasLink: flags,
      hasBalancer: flags,
    })
    .map(({ rules, hasLink, hasBalancer }) => (side) => {
      const type = "outscale_security_group_rule";
      const rest = side.filter(
        (one) => one.type !== type || !/^(ssh|kubernetes)_from_\d/.test(one.name),
      );
      const written = rules.map((rule, index) => {
        const isAny = rule.protocol === "any" || rule.ports[0] === 0;
        const ports = isAny ? [-1, -1] : rule.ports;
        const part = {
          ip_protocol: isAny ? "-1" : rule.protocol,
          from_port_range: ports[0] ?? -1,
          to_port_range: ports[1] ?? -1,
        };
        const content: Values = rule.isLong
          ? { rules: [{ ...part, ip_ranges: rule.networks }] }
          : { ...part, ip_range: rule.networks[0] ?? "", rules: [] };
        return {
          mode: "managed" as const,
          type,
          name: `ssh_from_${index}`,
          values: {
            flow: rule.isInbound ? "Inbound" : "Outbound",
            security_group_id: idOf(
              side,
              "outscale_security_group",
              rule.group,
              "security_group_id",
            ),
            ...content,
          },
        };
      });
      return changed([...rest, ...written], {
        "outscale_public_ip_link.bastion": hasLink && {},
        "outscale_load_balancer.api": hasBalancer && {},
      });
    }),
};

/** With other values at some addresses; false removes the resource. */
function changed(side: Side, changes: Readonly<Record<string, Values | false>>): Side {
  return side.flatMap((one) => {
    const change = changes[`${one.type}.${one.name}`] ?? {};
    return change === false ? [] : [{ ...one, values: { ...one.values, ...change } }];
  });
}

function idOf(side: Side, type: string, name: string, attribute = "id"): Value {
  const found = side.find((one) => one.type === type && one.name === name);
  if (found === undefined) throw new Error(`there is no ${type}.${name}`);
  return found.values[attribute] ?? null;
}
