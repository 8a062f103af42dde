import type { DistributionRequest, PoolRequest } from "../constructs/cloud-provider";
import type { InputPath, Report } from "../constructs/model/report";
import { nearest } from "../constructs/model/suggestion";

/** The location of a cluster. */
export interface Location {
  readonly region: string;
  /** The zone of the bastion, and of other single zonal resources. */
  readonly zone: string;
  /** Node i of a role is in zones[i mod n]. */
  readonly zones: readonly string[];
}

/** What differs between clouds. */
export interface LocationRules {
  /** "Scaleway": the display name. */
  readonly title: string;
  /** Regions where a cluster can be created, in the order of messages. */
  readonly regions: readonly string[];
  /** The region that a zone belongs to; undefined where its name does not say. */
  readonly regionOf: (zone: string) => string | undefined;
  /** The default zone. */
  readonly defaultZone: (region: string) => string;
  /**
   * The problem of a zone, in full sentences.
   * @param region Undefined where it is not known
   * @returns undefined when there is none
   */
  readonly zoneProblem: (zone: string, region: string | undefined) => string | undefined;
  /**
   * Precedes the list of regions, where neither region nor zones are configured. @default
   * "Required, unless zones say it."
   */
  readonly missingRegion?: string;
  /** The problem of a region that is not in the list. @default "Not a region of", the list and the nearest */
  readonly regionProblem?: (region: string) => string;
}

/**
 * The region, by itself or by the zones, and the zones, by themselves or by the region. Reports
 * every problem of the configured ones; the result is meaningful only when there is none.
 */
export function resolveLocation(
  request: DistributionRequest,
  rules: LocationRules,
  report: Report,
): Location {
  const region = resolveRegion(request, rules, report);
  const isKnown = rules.regions.includes(region);
  const check = (zone: string, at: InputPath) => {
    const problem = rules.zoneProblem(zone, isKnown ? region : undefined);
    if (problem !== undefined) report.error(at, problem);
  };
  for (const { path, zones } of [request, ...request.pools]) {
    zones?.forEach((zone, index) => {
      check(zone, [...path, "zones", index]);
    });
  }
  if (request.zone !== undefined) check(request.zone, [...request.path, "zone"]);

  const zones = request.zones ?? [request.zone ?? rules.defaultZone(region)];
  return { region, zones, zone: request.zone ?? zones[0] ?? "" };
}

/** @returns "" when nothing is configured */
function resolveRegion(
  { path, region, zone, zones }: DistributionRequest,
  rules: LocationRules,
  report: Report,
): string {
  const { regions, regionOf, zoneProblem, missingRegion, regionProblem } = rules;
  const allowed = `Allowed: ${regions.join(", ")}.`;
  if (region !== undefined) {
    if (!regions.includes(region)) {
      report.error(
        [...path, "region"],
        regionProblem?.(region) ??
          `Not a region of ${rules.title}. ${allowed}${nearest(region, regions)}`,
      );
    }
    return region;
  }
  const named = zones ?? (zone === undefined ? [] : [zone]);
  const found = named.map(regionOf).find((one) => one !== undefined);
  // The problem of a zone that is refused itself is enough.
  if (found === undefined && named.every((one) => zoneProblem(one, undefined) === undefined)) {
    report.error(
      [...path, "region"],
      `${missingRegion ?? "Required, unless zones say it."} ${allowed}`,
    );
  }
  return found ?? "";
}

/** The zones of a pool's nodes: its own, otherwise the cluster's. */
export function zonesOfPool(pool: PoolRequest, location: Location): readonly string[] {
  return pool.zones ?? location.zones;
}

/** Every zone that may have nodes, each once: the cluster's, then those of pools alone. */
export function allNodeZones(request: DistributionRequest, location: Location): string[] {
  const ofPools = request.pools.flatMap((pool) => zonesOfPool(pool, location));
  return [...new Set([...location.zones, ...ofPools])];
}

/** The zone of a node by its index within its role or pool: round-robin, so that another node moves none. */
export function zoneAt(zones: readonly string[], index: number): string | undefined {
  return zones[index % zones.length];
}
