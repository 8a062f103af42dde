import {
  NetworkingSecgroupRuleV2,
  type NetworkingSecgroupRuleV2Config,
} from "#bindings/openstack/lib/networking-secgroup-rule-v2";
import { NetworkingSecgroupV2 } from "#bindings/openstack/lib/networking-secgroup-v2";
import { Construct } from "constructs";
import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { ingressGroupRules } from "../../constructs/model/ingress-rules";
import {
  adminSources,
  isForNodes,
  rulesBySource,
  rulesTo,
  type SourceRule,
} from "../../constructs/model/security-rules";
import { descriptionOn } from "./tags";

/** By id. Read once: cdktf creates a new token, with a stack trace, at every access. */
export interface SecurityGroups {
  readonly bastion: string;
  readonly nodes: string;
  /** In addition to that of all nodes. */
  readonly controlPlanes: string;
  /** What a node waits for, so that its first packets already pass. */
  readonly nodeRules: readonly NetworkingSecgroupRuleV2[];
  /** Allowed sources outside of the cluster. */
  readonly outerRules: readonly NetworkingSecgroupRuleV2[];
}

export interface SecurityGroupsProps {
  readonly spec: ClusterSpec;
  /** The id of the private network that their members are on. */
  readonly networkId: string;
}

/** In the scope itself: a group is named after its construct, "bastion". */
export function securityGroups(scope: Construct, props: SecurityGroupsProps): SecurityGroups {
  const { spec, networkId } = props;
  const group = (id: string) =>
    new NetworkingSecgroupV2(new Construct(scope, id), "security_group", {
      name: `${spec.name}-${id.replaceAll("_", "-")}`,
      description: descriptionOn(networkId),
    }).id;
  const groups = {
    bastion: group("bastion"),
    nodes: group("nodes"),
    controlPlanes: group("control_planes"),
  };
  // None to the API: its listener has a list of its own.
  const rules = rulesBySource(rulesTo("bastion", "nodes", "controlPlanes"), {
    admins: adminSources(spec),
    nodes: [{ name: "nodes", groupId: groups.nodes }],
    bastion: [{ name: "bastion", groupId: groups.bastion }],
    // It connects from addresses of its own on this network, in a group that is OVH's.
    loadBalancer: [{ name: "network", network: spec.network.toString() }],
  });
  const created = [...rules, ...ingressGroupRules(spec)].map((rule) => ({
    rule,
    resource: new NetworkingSecgroupRuleV2(new Construct(scope, rule.name), "rule", {
      securityGroupId: groups[rule.to],
      direction: "ingress",
      ethertype: "IPv4",
      ...contentOf(rule),
    }),
  }));
  return {
    ...groups,
    nodeRules: created.filter(({ rule }) => isForNodes(rule)).map(({ resource }) => resource),
    outerRules: created.filter(({ rule }) => !isForNodes(rule)).map(({ resource }) => resource),
  };
}

function contentOf({ traffic, source }: SourceRule): Partial<NetworkingSecgroupRuleV2Config> {
  return {
    // Without a protocol it is every one.
    ...(traffic.protocol === "any"
      ? {}
      : {
          protocol: traffic.protocol,
          portRangeMin: traffic.port,
          portRangeMax: traffic.lastPort ?? traffic.port,
        }),
    ...("groupId" in source
      ? { remoteGroupId: source.groupId }
      : { remoteIpPrefix: source.network }),
  };
}
