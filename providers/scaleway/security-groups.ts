import {
  InstanceSecurityGroup,
  type InstanceSecurityGroupConfig,
  type InstanceSecurityGroupInboundRule,
} from "#bindings/scaleway/lib/instance-security-group";
import type { Construct } from "constructs";
import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import {
  adminSources,
  rulesBySource,
  rulesTo,
  type SourceRule,
} from "../../constructs/model/security-rules";
import { tags } from "./tags";

export interface SecurityGroupProps {
  readonly spec: ClusterSpec;
}

export interface NodeSecurityGroupProps extends SecurityGroupProps {
  /** Groups are zonal: each zone that has nodes gets one. */
  readonly zone: string;
}

/**
 * The bastion's group, in the bastion's zone. Scaleway's groups filter the public interface only,
 * which is the one that matters here.
 */
export function bastionSecurityGroup(
  scope: Construct,
  { spec }: SecurityGroupProps,
): InstanceSecurityGroup {
  const rules = rulesBySource(rulesTo("bastion"), { admins: adminSources(spec) });
  return securityGroup(scope, spec, {
    name: `${spec.name}-bastion`,
    zone: spec.zone,
    inboundRule: rules.map(contentOf),
  });
}

/**
 * The group of a zone's nodes, without a rule. They have no public address: it is there in case one
 * is added, instead of the project's accept-all default group.
 */
export function nodeSecurityGroup(
  scope: Construct,
  { spec, zone }: NodeSecurityGroupProps,
): InstanceSecurityGroup {
  return securityGroup(scope, spec, { name: `${spec.name}-nodes`, zone });
}

function securityGroup(
  scope: Construct,
  spec: ClusterSpec,
  config: InstanceSecurityGroupConfig,
): InstanceSecurityGroup {
  return new InstanceSecurityGroup(scope, "security_group", {
    ...config,
    inboundDefaultPolicy: "drop",
    outboundDefaultPolicy: "accept",
    tags: tags(spec),
  });
}

function contentOf({ traffic, source, name }: SourceRule): InstanceSecurityGroupInboundRule {
  if ("groupId" in source) throw new TypeError(`${name}: Scaleway's rules know no groups`);
  return {
    action: "accept",
    ...(traffic.protocol === "any"
      ? { protocol: "ANY" }
      : { protocol: traffic.protocol.toUpperCase(), port: traffic.port }), // 0 would mean every port
    ipRange: source.network,
  };
}
