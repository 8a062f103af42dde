import type { Placement, PlacementRequest } from "../../constructs/cloud-provider";
import type { NodeImage } from "../../constructs/model/cluster-spec";
import { chooseMachineTypes, type MachineNeed } from "../../constructs/model/machine-types";
import type { InputPath, Report } from "../../constructs/model/report";
import { nearest } from "../../constructs/model/suggestion";
import { knownMachineTypes, machineType } from "./machine-types";
import { hasThreeZones, onlyZone, regionOf, regions, zonesOf } from "./places";
import { warnOfQuotas } from "./quotas";

const defaultImageName = "talos";
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** OVHcloud's side of `node_distribution`: where the nodes go, and what they are made of. */
export function place(request: PlacementRequest, report: Report): Placement {
  const { region, zones, zone } = places(request, report);
  const placement = {
    region,
    zone,
    zones,
    ...types(request, region, report),
    nodeImage: nodeImage(request, report),
    bastionImage: request.bastionImage ?? "Ubuntu 24.04",
  };
  if (request.rootVolumeGb !== undefined) {
    report.error(
      [...request.path, "root_volume_gb"],
      "On OVHcloud a disk comes with the machine type. Remove the line, or take a larger type.",
    );
  }
  warnOfQuotas(request, placement, report);
  return placement;
}

function places(request: PlacementRequest, report: Report) {
  const { path } = request;
  const named = request.zones ?? (request.zone === undefined ? [] : [request.zone]);
  const region = request.region ?? named.map(regionOf).find(Boolean) ?? "";
  const known = regions.includes(region);
  if (request.region === undefined && !known) {
    report.error([...path, "region"], `Required. Allowed: ${regions.join(", ")}.`);
  } else if (/-LZ-/i.test(region)) {
    report.error([...path, "region"], "A Local Zone has neither routers nor load balancers.");
  } else if (!known) {
    report.error(
      [...path, "region"],
      `Not a region of OVHcloud that is known here. Allowed: ${regions.join(", ")}.${nearest(region, regions)}`,
    );
  }

  const allowed = zonesOf(region);
  const checkZone = (zone: string, at: InputPath) => {
    if (!known || allowed.includes(zone)) return;
    report.error(
      at,
      hasThreeZones(region)
        ? `Not a zone of ${region}. Allowed: ${allowed.join(", ")}.${nearest(zone, allowed)}`
        : `${region} has one zone, "${onlyZone}". Remove the line; regions with three: ${regions.filter(hasThreeZones).join(", ")}.`,
    );
  };
  request.zones?.forEach((zone, index) => {
    checkZone(zone, [...path, "zones", index]);
  });
  if (request.zone !== undefined) checkZone(request.zone, [...path, "zone"]);

  const zones = request.zones ?? [request.zone ?? allowed[0] ?? onlyZone];
  return { region, zones, zone: request.zone ?? zones[0] ?? onlyZone };
}

function types(request: PlacementRequest, region: string, report: Report) {
  // Only the third generation is sold where there are three zones.
  const defaults = {
    controlPlane: "b3-8",
    worker: "b3-8",
    bastion: hasThreeZones(region) ? "c3-4" : "d2-2",
  };
  return chooseMachineTypes(request, defaults, (type, at, need) => {
    checkType(type, at, need, region, report);
  });
}

function checkType(
  name: string,
  at: InputPath,
  need: MachineNeed,
  region: string,
  report: Report,
): void {
  const type = machineType(name);
  if (type === undefined) {
    report.error(
      at,
      `Not a machine type of OVHcloud, such as b3-8 or d2-4 (in small letters).${nearest(name, knownMachineTypes)}`,
    );
    return;
  }
  const fits = ({ memoryGb, generation }: NonNullable<typeof type>) =>
    memoryGb >= need.memoryGib && (generation >= 3 || !hasThreeZones(region));
  const smallest = knownMachineTypes.find((other) => {
    const found = machineType(other);
    return found !== undefined && fits(found);
  });
  if (type.memoryGb < need.memoryGib) {
    report.error(
      at,
      `${need.whose} needs ${need.memoryGib} GB of memory; ${name} has ${type.memoryGb}. ` +
        `Smallest that fits: ${smallest}.`,
    );
  } else if (!fits(type)) {
    report.error(
      at,
      `${region} sells the third generation only. Smallest of it that fits: ${smallest}.`,
    );
  } else if (!knownMachineTypes.includes(name)) {
    report.warn(
      at,
      `Not among the machine types known here: whether ${region} sells it is unchecked.`,
    );
  }
}

function nodeImage({ path, imageId, imageName }: PlacementRequest, report: Report): NodeImage {
  if (imageId === undefined) return { name: imageName ?? defaultImageName };
  if (!uuid.test(imageId)) {
    report.error([...path, "image_id"], "An image's id is a UUID: openstack image list.");
  }
  return { id: imageId };
}
