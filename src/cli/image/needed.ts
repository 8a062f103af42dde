import type { ClusterSpec } from "../../../constructs/model/cluster-spec";
import { schematicId } from "../../../constructs/model/schematic";
import { cloudInfo } from "../../../providers/info";

/** The image that new nodes are created from. */
export interface NeededImage {
  /** "talos-v1.14.1" */
  readonly name: string;
  readonly version: string;
  readonly schematic: string;
  readonly region: string;
  /** Zones where each has images of its own, otherwise the region alone; sorted. */
  readonly places: readonly string[];
}

/** @returns undefined where tofu.tfvars names the image by its id: it exists, or is the user's to create */
export function neededImage(spec: ClusterSpec): NeededImage | undefined {
  if ("id" in spec.nodeImage) return undefined;
  const { scope } = cloudInfo[spec.cloud].images;
  const zones = [...new Set(spec.nodes.map(({ zone }) => zone))].sort();
  return {
    name: spec.nodeImage.name,
    version: spec.talosVersion.toString(),
    schematic: schematicId(spec),
    region: spec.region,
    places: scope === "zone" ? zones : [spec.region],
  };
}
