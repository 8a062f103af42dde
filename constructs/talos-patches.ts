import { metadataDocuments } from "./closed-metadata";
import type { TalosPlatform } from "./cloud-info";
import { type ClusterSpec, type NodeSpec, takesAnyPod, workers } from "./model/cluster-spec";
import { clusterNetworkPatches } from "./talos-cluster-network";
import { firewallDocuments } from "./talos-firewall";

/**
 * A node's patches that depend on its specification alone: machine configurations are what Talos
 * generates, merged with them.
 */
export function patches(
  spec: ClusterSpec,
  node: NodeSpec,
  installer: string,
  platform: TalosPlatform,
): object[] {
  const network = spec.network.toString();
  return [
    {
      machine: {
        // The tunnel's end; Talos adds it by itself only from 1.13.4 on.
        certSANs: ["127.0.0.1"],
        install: { image: installer },
        kubelet: { nodeIP: { validSubnets: [network] } },
      },
    },
    ...(platform.patch === undefined ? [] : [platform.patch]),
    ...clusterNetworkPatches(spec, node),
    ...(node.role === "controlplane" ? [controlPlanePatch(spec, network)] : []),
    ...poolPatches(node),
    ...firewallDocuments(spec, node),
    ...metadataDocuments(spec, platform),
  ];
}

/** Talos refuses these settings on a worker. */
function controlPlanePatch(spec: ClusterSpec, network: string): object {
  return {
    cluster: {
      etcd: { advertisedSubnets: [network] },
      // Without workers that take it, the cluster's own DNS could run nowhere else.
      allowSchedulingOnControlPlanes: !workers(spec).some(takesAnyPod),
      ...(spec.endpointName === undefined ? {} : { apiServer: { certSANs: [spec.endpointName] } }),
    },
  };
}

/**
 * Taints by the kubelet's registration: Talos sets those of `machine.nodeTaints` later and with the
 * kubelet's credentials, which the API server refuses on a worker, together with the labels.
 */
function poolPatches({ labels = {}, taints = [] }: NodeSpec): object[] {
  const machine = {
    ...(Object.keys(labels).length === 0 ? {} : { nodeLabels: labels }),
    ...(taints.length === 0 ? {} : { kubelet: { extraConfig: { registerWithTaints: taints } } }),
  };
  return Object.keys(machine).length === 0 ? [] : [{ machine }];
}

/** The patch of a node's name in both of its forms, as JSON: a key for contracts before 1.12, a document after. */
export function hostnames(spec: ClusterSpec, node: NodeSpec): { key: string; document: string } {
  const hostname = `${spec.name}-${node.name}`;
  return {
    key: JSON.stringify({ machine: { network: { hostname } } }),
    document: JSON.stringify({
      apiVersion: "v1alpha1",
      kind: "HostnameConfig",
      auto: "off",
      hostname,
    }),
  };
}
