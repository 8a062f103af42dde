import type { TalosPlatform } from "./cloud-info";
import type { ClusterSpec } from "./model/cluster-spec";

/** The first Talos minor that has blackhole routes. */
const firstMinor = 13;

/** Before the route that a cloud's DHCP may offer to the same address, whose metric is 1024. */
const metric = 1;

/** Whether pods are kept from the metadata service, where there is one that would answer them. */
export function closesMetadata(
  { talosVersion }: Pick<ClusterSpec, "talosVersion">,
  { metadataAddress }: TalosPlatform,
): boolean {
  return metadataAddress === undefined || talosVersion.minor >= firstMinor;
}

/**
 * A route that ends every packet to the metadata service, which has the node's machine
 * configuration with the cluster's keys. It comes with that configuration, so the node itself has
 * read it by then; later it reads it from its disk.
 */
export function metadataDocuments(spec: ClusterSpec, platform: TalosPlatform): object[] {
  const { metadataAddress } = platform;
  if (metadataAddress === undefined || !closesMetadata(spec, platform)) return [];
  const name = `${metadataAddress}/32`;
  return [{ apiVersion: "v1alpha1", kind: "BlackholeRouteConfig", name, metric }];
}
