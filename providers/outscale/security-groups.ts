import type { Net } from "#bindings/outscale/lib/net";
import { SecurityGroup } from "#bindings/outscale/lib/security-group";
import {
  SecurityGroupRule,
  type SecurityGroupRuleConfig,
} from "#bindings/outscale/lib/security-group-rule";
import { Construct } from "constructs";
import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { idReference } from "../../constructs/references";
import { ingressGroupRules } from "../../constructs/model/ingress-rules";
import {
  adminSources,
  isForNodes,
  rulesBySource,
  rulesTo,
  type SourceRule,
} from "../../constructs/model/security-rules";
import { publicQuarter, quarterOf } from "./addresses";
import { slowDeletion } from "./catalog";
import { tags } from "./tags";

/** By id. Read once: cdktf creates a new token, with a stack trace, at every access. */
export interface SecurityGroups {
  readonly api: string;
  readonly bastion: string;
  readonly nodes: string;
  /** What a node waits for, so that its first packets already pass. */
  readonly nodeRules: readonly SecurityGroupRule[];
  /** Allowed sources outside of the cluster. */
  readonly outerRules: readonly SecurityGroupRule[];
}

type GroupName = "api" | "bastion" | "nodes";

/** Never change it: that would replace the group, whose name is still taken. */
const descriptions: Readonly<Record<GroupName, string>> = {
  api: "Kubernetes API load balancer",
  bastion: "Bastion",
  nodes: "Talos nodes",
};

export interface SecurityGroupsProps {
  readonly spec: ClusterSpec;
  readonly net: Net;
  /** The public address of the NAT service, the nodes' source address. */
  readonly natAddress: string;
}

/** In the scope itself: a group is named after its construct, "bastion". */
export function securityGroups(scope: Construct, props: SecurityGroupsProps): SecurityGroups {
  const { spec, net, natAddress } = props;
  const group = (id: GroupName) =>
    new SecurityGroup(new Construct(scope, id), "security_group", {
      netId: net.netId, // without it the group cannot be used inside the Net
      securityGroupName: `${spec.name}-${id}`,
      description: descriptions[id],
      tags: tags(spec, id),
      timeouts: slowDeletion,
      // An unknown id counts as no change: the group would stay in a replaced Net, which then
      // cannot be deleted.
      lifecycle: { replaceTriggeredBy: [idReference(net)] },
    }).securityGroupId;
  const groups = { api: group("api"), bastion: group("bastion"), nodes: group("nodes") };
  const rules = rulesBySource(rulesTo("bastion", "api", "nodes", "controlPlanes"), {
    admins: adminSources(spec),
    egress: [{ name: "nat", network: `${natAddress}/32` }],
    privateNetwork: [], // an internet-facing load balancer has no private address that is known
    nodes: [{ name: "nodes", groupId: groups.nodes }],
    bastion: [{ name: "bastion", network: `${spec.bastion.address}/32` }],
    // It connects from its own subnet, traffic and health checks alike.
    loadBalancer: [{ name: "public_subnet", network: quarterOf(spec.network, publicQuarter) }],
  });
  const groupOf = { ...groups, controlPlanes: groups.nodes };
  const created = [...rules, ...ingressGroupRules(spec)].map((rule) => ({
    rule,
    resource: new SecurityGroupRule(new Construct(scope, rule.name), "rule", {
      flow: "Inbound",
      securityGroupId: groupOf[rule.to],
      ...contentOf(rule),
    }),
  }));
  return {
    ...groups,
    nodeRules: created.filter(({ rule }) => isForNodes(rule)).map(({ resource }) => resource),
    outerRules: created.filter(({ rule }) => !isForNodes(rule)).map(({ resource }) => resource),
  };
}

/** Members of a group need the long form of a rule; the short one has only a network. */
function contentOf({ traffic, source }: SourceRule): Partial<SecurityGroupRuleConfig> {
  const part =
    traffic.protocol === "any"
      ? { ipProtocol: "-1" }
      : {
          ipProtocol: traffic.protocol,
          fromPortRange: traffic.port,
          toPortRange: traffic.lastPort ?? traffic.port,
        };
  return "network" in source
    ? { ...part, ipRange: source.network }
    : { rules: [{ ...part, securityGroupsMembers: [{ securityGroupId: source.groupId }] }] };
}
