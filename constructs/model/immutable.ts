import { talosNetwork } from "./cluster-network";
import type { ClusterSpec } from "./cluster-spec";

/** What a cluster has for good, by the name of its variable or setting. */
export function immutableValues(spec: ClusterSpec): Readonly<Record<string, string>> {
  return {
    cluster_name: spec.name,
    cloud: spec.cloud,
    network_cidr: spec.network.toString(),
    region: spec.region,
    zone: spec.zone,
    pod_cidr: spec.podNetwork.toString(),
    service_cidr: spec.serviceNetwork.toString(),
    cluster_domain: spec.clusterDomain,
    cni: spec.cni.name,
  };
}

/** What a cluster has whose record is older than the setting. */
export const unrecordedValues: Readonly<Record<string, string>> = {
  pod_cidr: talosNetwork.pods,
  service_cidr: talosNetwork.services,
  cluster_domain: talosNetwork.domain,
  cni: "flannel",
};
