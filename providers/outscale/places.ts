/** Outscale's regions (documentation, 2026). */
export const regions = [
  "eu-west-2",
  "cloudgouv-eu-west-1",
  "us-east-2",
  "us-west-1",
  "ap-northeast-1",
];

/**
 * Which letters there are differs between accounts, as does the site that a letter means: only the
 * form can be checked.
 */
export function isZoneOf(region: string, zone: string): boolean {
  return zone.startsWith(region) && /^[a-z]$/.test(zone.slice(region.length));
}

/** "eu-west-2" of "eu-west-2b"; undefined when no region has it. */
export function regionOf(zone: string): string | undefined {
  return regions.find((region) => isZoneOf(region, zone));
}
