import type { ClusterSpec } from "../constructs/model/cluster-spec";

/**
 * A simulated account that has what is asked for: the images, and the zones where a cloud gives each
 * account its own. The rehearsal says that it proves nothing of them.
 */
export function accountFor(spec: ClusterSpec): object {
  const { cloud, nodeImage, bastion, nodes, zone, region } = spec;
  if (cloud !== "outscale") return { images: [nodeImage] };
  const bastionImages = bastion.image.startsWith("ami-") ? [{ id: bastion.image }] : [];
  const zones = [...new Set([zone, ...nodes.map((node) => node.zone)])].sort();
  return {
    images: [nodeImage, ...bastionImages],
    subregions: zones.map((name) => name.slice(region.length)),
  };
}
