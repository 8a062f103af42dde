import type { Net } from "@cdktf/provider-outscale/lib/net";
import { SecurityGroup } from "@cdktf/provider-outscale/lib/security-group";
import {
  SecurityGroupRule,
  type SecurityGroupRuleConfig,
} from "@cdktf/provider-outscale/lib/security-group-rule";
import { Construct } from "constructs";
import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { kubernetesPort, talosPort } from "../../constructs/model/ports";
import { idReference } from "../../constructs/references";
import { adminRules, type SecurityRule, sshRules } from "../../constructs/model/security-rules";
import { publicQuarter, quarterOf } from "./addresses";
import { tags } from "./tags";
import { slowDeletion } from "./timeouts";

/** By id. Taken once: cdktf makes a new token of it, with a stack trace, at every look. */
export interface SecurityGroups {
  readonly api: string;
  readonly bastion: string;
  readonly nodes: string;
  /** What a node waits for, so that its first packets already pass. */
  readonly nodeRules: readonly SecurityGroupRule[];
  /** Who is let in from outside. */
  readonly outerRules: readonly SecurityGroupRule[];
}

type GroupName = "api" | "bastion" | "nodes";

/** Never to be edited: that would replace the group, whose name is still taken. */
const descriptions: Readonly<Record<GroupName, string>> = {
  api: "Kubernetes API load balancer",
  bastion: "Bastion",
  nodes: "Talos nodes",
};

function rules(spec: ClusterSpec, natAddress: string): SecurityRule<GroupName>[] {
  return [
    ...sshRules<GroupName>(spec, "bastion"),
    ...adminRules<GroupName>(spec, "kubernetes", "api", kubernetesPort),
    // Nodes call the public address, so that the load balancer sees the NAT service's.
    {
      name: "kubernetes_from_nat",
      group: "api",
      port: kubernetesPort,
      from: { network: `${natAddress}/32` },
    },
    // etcd, kubelet, trustd, the pods' network over UDP, ICMP.
    { name: "nodes_from_nodes", group: "nodes", from: { group: "nodes" } },
    {
      name: "talos_from_bastion",
      group: "nodes",
      port: talosPort,
      from: { network: `${spec.bastion.address}/32` },
    },
    // The load balancer connects from its own subnet, traffic and health checks alike.
    {
      name: "kubernetes_from_public_subnet",
      group: "nodes",
      port: kubernetesPort,
      from: { network: quarterOf(spec.network, publicQuarter) },
    },
  ];
}

export function securityGroups(
  scope: Construct,
  spec: ClusterSpec,
  net: Net,
  natAddress: string,
): SecurityGroups {
  const group = (id: GroupName) =>
    new SecurityGroup(new Construct(scope, id), "security_group", {
      netId: net.netId, // without it the group is of no use inside the Net
      securityGroupName: `${spec.name}-${id}`,
      description: descriptions[id],
      tags: tags(spec, id),
      timeouts: slowDeletion,
      // An id that is not known yet counts as no change: the group would stay in a Net that is
      // replaced, which then cannot be deleted.
      lifecycle: { replaceTriggeredBy: [idReference(net)] },
    }).securityGroupId;
  const groups = { api: group("api"), bastion: group("bastion"), nodes: group("nodes") };
  const made = rules(spec, natAddress).map((rule) => ({
    rule,
    resource: new SecurityGroupRule(new Construct(scope, rule.name), "rule", {
      flow: "Inbound",
      securityGroupId: groups[rule.group],
      ...contentOf(rule, groups),
    }),
  }));
  const isForNodes = (rule: SecurityRule<GroupName>) => rule.group === "nodes";
  return {
    ...groups,
    nodeRules: made.filter(({ rule }) => isForNodes(rule)).map(({ resource }) => resource),
    outerRules: made.filter(({ rule }) => !isForNodes(rule)).map(({ resource }) => resource),
  };
}

function contentOf(
  { port, from }: SecurityRule<GroupName>,
  groups: Readonly<Record<GroupName, string>>,
): Partial<SecurityGroupRuleConfig> {
  const ports = port === undefined ? {} : { fromPortRange: port, toPortRange: port };
  const ipProtocol = port === undefined ? "-1" : "tcp";
  if ("network" in from) return { ipProtocol, ...ports, ipRange: from.network };
  const securityGroupId = groups[from.group];
  return { rules: [{ ipProtocol, ...ports, securityGroupsMembers: [{ securityGroupId }] }] };
}
