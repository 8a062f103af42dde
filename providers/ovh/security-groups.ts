import {
  NetworkingSecgroupRuleV2,
  type NetworkingSecgroupRuleV2Config,
} from "@cdktf/provider-openstack/lib/networking-secgroup-rule-v2";
import { NetworkingSecgroupV2 } from "@cdktf/provider-openstack/lib/networking-secgroup-v2";
import { Construct } from "constructs";
import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { kubernetesPort, talosPort } from "../../constructs/model/ports";
import { type SecurityRule, sshRules } from "../../constructs/model/security-rules";

/** By id. Taken once: cdktf makes a new token of it, with a stack trace, at every look. */
export interface SecurityGroups {
  readonly bastion: string;
  readonly nodes: string;
  /** Besides that of all nodes. */
  readonly controlPlanes: string;
  /** What a node waits for, so that its first packets already pass. */
  readonly nodeRules: readonly NetworkingSecgroupRuleV2[];
  /** Who is let in from outside. */
  readonly outerRules: readonly NetworkingSecgroupRuleV2[];
}

type GroupName = "bastion" | "nodes" | "controlPlanes";

function rules(spec: ClusterSpec): SecurityRule<GroupName>[] {
  return [
    ...sshRules<GroupName>(spec, "bastion"),
    // etcd, kubelet, trustd, the pods' network over UDP, ICMP.
    { name: "nodes_from_nodes", group: "nodes", from: { group: "nodes" } },
    { name: "talos_from_bastion", group: "nodes", port: talosPort, from: { group: "bastion" } },
    // The load balancer connects from addresses of its own on this network, in a group that is OVH's.
    {
      name: "kubernetes_from_network",
      group: "controlPlanes",
      port: kubernetesPort,
      from: { network: spec.network.toString() },
    },
  ];
}

export function securityGroups(
  scope: Construct,
  spec: ClusterSpec,
  description: string,
): SecurityGroups {
  const group = (id: string) =>
    new NetworkingSecgroupV2(new Construct(scope, id), "security_group", {
      name: `${spec.name}-${id.replaceAll("_", "-")}`,
      description,
    }).id;
  const groups = {
    bastion: group("bastion"),
    nodes: group("nodes"),
    controlPlanes: group("control_planes"),
  };
  const made = rules(spec).map((rule) => ({
    rule,
    resource: new NetworkingSecgroupRuleV2(new Construct(scope, rule.name), "rule", {
      securityGroupId: groups[rule.group],
      direction: "ingress",
      ethertype: "IPv4",
      ...portOf(rule),
      ...("group" in rule.from
        ? { remoteGroupId: groups[rule.from.group] }
        : { remoteIpPrefix: rule.from.network }),
    }),
  }));
  const isForNodes = (rule: SecurityRule<GroupName>) => rule.group !== "bastion";
  return {
    ...groups,
    nodeRules: made.filter(({ rule }) => isForNodes(rule)).map(({ resource }) => resource),
    outerRules: made.filter(({ rule }) => !isForNodes(rule)).map(({ resource }) => resource),
  };
}

function portOf({ port }: SecurityRule<GroupName>): Partial<NetworkingSecgroupRuleV2Config> {
  return port === undefined ? {} : { protocol: "tcp", portRangeMin: port, portRangeMax: port };
}
