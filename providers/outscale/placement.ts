import type { Placement, PlacementRequest } from "../../constructs/cloud-provider";
import type { NodeImage } from "../../constructs/model/cluster-spec";
import { chooseMachineTypes, type MachineNeed } from "../../constructs/model/machine-types";
import type { InputPath, Report } from "../../constructs/model/report";
import { nearest } from "../../constructs/model/suggestion";
import { mostZones } from "./addresses";
import { imageId as imageIdForm } from "./images";
import { isAlias, machineType } from "./machine-types";
import { loadBalancerName, longestClusterName } from "./names";
import { isZoneOf, regionOf, regions } from "./places";
import { defaultRootVolumeGb } from "./root-disk";

const defaultImageName = "talos";

/** Outscale's side of `node_distribution`: where the nodes go, and what they are made of. */
export function place(request: PlacementRequest, report: Report): Placement {
  checkClusterName(request.clusterName, report);
  const { region, zones, zone } = places(request, report);
  return {
    region,
    zone,
    zones,
    ...types(request, report),
    nodeImage: nodeImage(request, report),
    rootVolumeGb: request.rootVolumeGb ?? defaultRootVolumeGb,
    bastionImage: bastionImage(request, report),
  };
}

function checkClusterName(name: string, report: Report): void {
  if (name.length > longestClusterName) {
    report.error(
      ["cluster_name"],
      `At most ${longestClusterName} characters on Outscale, where the load balancer is called ${loadBalancerName(name)}.`,
    );
  }
  if (name.startsWith("sg-")) {
    report.error(
      ["cluster_name"],
      'Outscale refuses names of security groups that begin with "sg-".',
    );
  }
}

function places(request: PlacementRequest, report: Report) {
  const { path } = request;
  const named = request.zones ?? (request.zone === undefined ? [] : [request.zone]);
  const region = request.region ?? named.map(regionOf).find(Boolean) ?? "";
  const known = regions.includes(region);
  if (!known && (request.region !== undefined || named.length === 0)) {
    report.error(
      [...path, "region"],
      request.region === undefined
        ? `Required, unless zones say it. Allowed: ${regions.join(", ")}.`
        : `Not a region of Outscale. Allowed: ${regions.join(", ")}.${nearest(region, regions)}`,
    );
  }

  const checkZone = (zone: string, at: InputPath) => {
    if (known ? isZoneOf(region, zone) : regionOf(zone) !== undefined) return;
    report.error(
      at,
      `Not a subregion of ${known ? region : "Outscale"}: those are the region and a letter, ` +
        `such as ${known ? region : "eu-west-2"}a.`,
    );
  };
  request.zones?.forEach((zone, index) => {
    checkZone(zone, [...path, "zones", index]);
  });
  if (request.zone !== undefined) checkZone(request.zone, [...path, "zone"]);

  const zones = request.zones ?? [request.zone ?? `${region}a`];
  if (new Set(zones).size > mostZones) {
    report.error(
      [...path, "zones"],
      `At most ${mostZones} different ones: each has its own subnet, a quarter of the network.`,
    );
  }
  return { region, zones, zone: request.zone ?? zones[0] ?? "" };
}

function types(request: PlacementRequest, report: Report) {
  const defaults = {
    controlPlane: "tinav6.c4r8p1",
    worker: "tinav6.c4r8p2",
    bastion: "tinav6.c1r1p2",
  };
  return chooseMachineTypes(request, defaults, (type, at, need) => {
    checkType(type, at, need, report);
  });
}

function checkType(name: string, at: InputPath, need: MachineNeed, report: Report): void {
  const type = machineType(name);
  if (type !== undefined) {
    if (type.memoryGib >= need.memoryGib) return;
    report.error(
      at,
      `${need.whose} needs ${need.memoryGib} GiB of memory; ${name} has ${type.memoryGib} (the number after r).`,
    );
  } else if (isAlias(name)) {
    report.warn(
      at,
      "An alias of Amazon's: its memory is unchecked. Outscale's own: tinav6.c4r8p1.",
    );
  } else {
    report.error(
      at,
      "Not a machine type of Outscale: tinav6.c4r8p1 is 4 cores and 8 GiB of generation 6, performance 1 to 3.",
    );
  }
}

function nodeImage({ path, imageId, imageName }: PlacementRequest, report: Report): NodeImage {
  if (imageId !== undefined) {
    if (!imageIdForm.test(imageId)) {
      report.error([...path, "image_id"], 'An image\'s id is "ami-" and eight hexadecimal digits.');
    }
    return { id: imageId };
  }
  checkPattern(imageName, [...path, "image_name"], report);
  return { name: imageName ?? defaultImageName };
}

/** A star would find whatever is newest under any such name. */
function checkPattern(name: string | undefined, at: InputPath, report: Report): void {
  if (name?.includes("*") === true) {
    report.error(
      at,
      "The whole name, without a star: the image must be the one that was reviewed.",
    );
  }
}

function bastionImage({ path, bastionImage: image }: PlacementRequest, report: Report): string {
  if (image?.startsWith("ami-") === true && !imageIdForm.test(image)) {
    report.error(
      [...path, "bastion_image"],
      'An image\'s id is "ami-" and eight hexadecimal digits.',
    );
  }
  return image ?? "Ubuntu-24.04-*";
}
