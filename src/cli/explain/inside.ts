import type { ClusterSpec } from "../../../constructs/model/cluster-spec";
import { cniPorts } from "../../../constructs/model/cni";
import { manifestsOf } from "../../../constructs/model/manifest";

/** The network inside the cluster, which no rule of the cloud sees. For JSON as it is. */
export interface Inside {
  readonly cni: string;
  /** Ports that the nodes' firewall opens for it: "8472/udp". */
  readonly cni_ports: readonly string[];
  readonly network_policies: "enforced" | "not enforced" | "by the CNI";
  readonly pod_cidr: string;
  readonly service_cidr: string;
  readonly cluster_domain: string;
  /** Names of what Talos applies at bootstrap, in order. */
  readonly manifests: readonly string[];
}

export function insideOf(spec: ClusterSpec): Inside {
  const { cni } = spec;
  const isEnforced = cni.name === "flannel" ? cni.networkPolicies : undefined;
  return {
    cni: cni.name,
    cni_ports: cniPorts(cni).map(({ port, protocol }) => `${port}/${protocol}`),
    network_policies:
      isEnforced === undefined ? "by the CNI" : isEnforced ? "enforced" : "not enforced",
    pod_cidr: spec.podNetwork.toString(),
    service_cidr: spec.serviceNetwork.toString(),
    cluster_domain: spec.clusterDomain,
    manifests: manifestsOf(spec).map(({ name }) => name),
  };
}

/** As lines below a title. */
export function insideLines(inside: Inside): string[] {
  const { cni, cni_ports: ports, network_policies: policies, manifests } = inside;
  const between =
    ports.length === 0 ? "no port between nodes" : `${ports.join(", ")} between nodes`;
  return [
    `pods              ${inside.pod_cidr}, cni ${cni}, ${between}`,
    `services          ${inside.service_cidr}, names in ${inside.cluster_domain}`,
    `network policies  ${policies}`,
    ...(manifests.length === 0 ? [] : [`at bootstrap      ${manifests.join(", ")}`]),
  ];
}
