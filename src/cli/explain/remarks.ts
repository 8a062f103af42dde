import { closesMetadata } from "../../../constructs/closed-metadata";
import type { ClusterSpec } from "../../../constructs/model/cluster-spec";
import { cloudInfo } from "../../../providers/info";

/** What the network does not guarantee, one sentence each. */
export function remarksOn(spec: ClusterSpec): string[] {
  const { talos, networkRemarks = [] } = cloudInfo[spec.cloud];
  const { metadataAddress = "" } = talos;
  const open = closesMetadata(spec, talos)
    ? []
    : [
        `A pod can read its node's machine configuration, with the cluster's keys, from the metadata service at ${metadataAddress}: Talos ${spec.talosVersion.minorText} cannot close it, v1.13 can.`,
      ];
  return [...open, ...networkRemarks];
}
