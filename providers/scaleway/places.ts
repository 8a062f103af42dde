/** Scaleway's regions and their zones (documentation, 2026). */
export const zonesByRegion: ReadonlyMap<string, readonly string[]> = new Map([
  ["fr-par", ["fr-par-1", "fr-par-2", "fr-par-3"]],
  ["nl-ams", ["nl-ams-1", "nl-ams-2", "nl-ams-3"]],
  ["pl-waw", ["pl-waw-1", "pl-waw-2", "pl-waw-3"]],
  ["it-mil", ["it-mil-1"]],
]);

export const regions = [...zonesByRegion.keys()];

/** "fr-par" of "fr-par-2"; undefined when there is no such zone. */
export function regionOf(zone: string): string | undefined {
  return regions.find((region) => zonesByRegion.get(region)?.includes(zone));
}

/** Load balancers are not sold in fr-par-3 and it-mil-1, public gateways not in fr-par-3 (the SDK's zone lists). */
const withoutGatewayOrLoadBalancer = ["fr-par-3", "it-mil-1"];

export function hasGatewayAndLoadBalancer(zone: string): boolean {
  return !withoutGatewayOrLoadBalancer.includes(zone);
}

/** Block storage, which every node's disk is, is not sold in it-mil-1 (the SDK's zone lists). */
export function hasBlockStorage(zone: string): boolean {
  return zone !== "it-mil-1";
}
