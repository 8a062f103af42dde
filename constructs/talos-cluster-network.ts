import { networkSettings } from "./model/cluster-network";
import type { ClusterSpec, NodeSpec } from "./model/cluster-spec";
import { cniSettings } from "./model/cni";
import { manifestsOf } from "./model/manifest";
import { literal } from "./template";

/**
 * The network inside the cluster and what Talos applies at bootstrap, as patches of a node's
 * configuration. There are none where everything is Talos's own.
 */
export function clusterNetworkPatches(spec: ClusterSpec, { role }: NodeSpec): object[] {
  const network = { ...networkSettings(spec), ...cniSettings(spec.cni) };
  // Scripts in them have what tofu would take for references.
  const manifests = manifestsOf(spec).map(({ name, contents }) => ({
    name,
    contents: literal(contents),
  }));
  const isControlPlane = role === "controlplane";
  const cluster = {
    ...(Object.keys(network).length === 0 ? {} : { network }),
    // Cilium does what kube-proxy would.
    ...(isControlPlane && spec.cni.name === "cilium" ? { proxy: { disabled: true } } : {}),
    ...(isControlPlane && manifests.length > 0 ? { inlineManifests: manifests } : {}),
  };
  return Object.keys(cluster).length === 0 ? [] : [{ cluster }];
}
