/** The only zone of a region that has but one. */
export const onlyZone = "nova";

/** Regions of one zone that have routers and load balancers (OVHcloud's documentation, 2026). */
const oneZoneRegions = [
  "GRA9",
  "GRA11",
  "SBG5",
  "SBG7",
  "RBX-A",
  "DE1",
  "UK1",
  "WAW1",
  "BHS5",
  "CA-EAST-TOR",
  "SGP1",
  "SYD1",
  "AP-SOUTH-MUM-1",
];

/** Regions of three zones, a few kilometers apart (OVHcloud's documentation, 2026). */
const threeZoneRegions = ["EU-WEST-PAR", "EU-SOUTH-MIL"];

export const regions = [...oneZoneRegions, ...threeZoneRegions];

/** "nova" of a region with one zone, "eu-west-par-a" to "-c" of one with three; none of an unknown one. */
export function zonesOf(region: string): readonly string[] {
  if (oneZoneRegions.includes(region)) return [onlyZone];
  if (!threeZoneRegions.includes(region)) return [];
  return ["a", "b", "c"].map((letter) => `${region.toLowerCase()}-${letter}`);
}

/** "EU-WEST-PAR" of "eu-west-par-b"; undefined for "nova", which every other region has. */
export function regionOf(zone: string): string | undefined {
  return threeZoneRegions.find((region) => zonesOf(region).includes(zone));
}

export function hasThreeZones(region: string): boolean {
  return threeZoneRegions.includes(region);
}
