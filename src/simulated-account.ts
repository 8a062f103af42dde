import type { ClusterSpec } from "../constructs/model/cluster-spec";
import { cloudInfo } from "../providers/info";
import { defaultVersions } from "./config/talos-releases";

/**
 * A simulated account that has what the input needs: the images, and the zones where they differ
 * between accounts. The rehearsal says that it does not verify them.
 */
export function accountFor(spec: ClusterSpec): object {
  const { cloud, nodeImage, bastion, nodes, zone, region } = spec;
  const { imageId, regions } = cloudInfo[cloud];
  const bastionImages = imageId?.test(bastion.image) === true ? [{ id: bastion.image }] : [];
  const images = [nodeImage, ...upgradedImages(nodeImage), ...bastionImages];
  const isOfAccount = regions.every((one) => one.zones === undefined);
  if (!isOfAccount) return { images };
  const zones = [...new Set([zone, ...nodes.map((node) => node.zone)])].sort();
  return { images, subregions: zones.map((name) => name.slice(region.length)) };
}

/** What a user imports before an upgrade: the image of the newest Talos, of the same name otherwise. */
function upgradedImages(image: ClusterSpec["nodeImage"]): ClusterSpec["nodeImage"][] {
  if ("id" in image) return [];
  const name = image.name.replace(/v\d+\.\d+\.\d+/, defaultVersions.talos);
  return name === image.name ? [] : [{ ...image, name }];
}
