import type { Placement, PlacementRequest } from "../../constructs/cloud-provider";
import type { NodeImage } from "../../constructs/model/cluster-spec";
import { chooseMachineTypes, type MachineNeed } from "../../constructs/model/machine-types";
import type { InputPath, Report } from "../../constructs/model/report";
import { nearest } from "../../constructs/model/suggestion";
import { machineTypes } from "./machine-types";
import {
  hasBlockStorage,
  hasGatewayAndLoadBalancer,
  regionOf,
  regions,
  zonesByRegion,
} from "./places";
import { warnOfQuotas } from "./quotas";

const defaultImageName = "talos";
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Scaleway's side of `node_distribution`: where the nodes go, and what they are made of. */
export function place(request: PlacementRequest, report: Report): Placement {
  const { region, zones, zone } = places(request, report);
  const placement = {
    region,
    zone,
    zones,
    ...types(request, zones, zone, report),
    nodeImage: nodeImage(request, zones, report),
    rootVolumeGb: request.rootVolumeGb ?? 20,
    bastionImage: request.bastionImage ?? "ubuntu_noble",
  };
  warnOfQuotas(request, placement, report);
  return placement;
}

function places(request: PlacementRequest, report: Report) {
  const { path } = request;
  const named = request.zones ?? (request.zone === undefined ? [] : [request.zone]);
  const region = request.region ?? named.map(regionOf).find(Boolean);
  if (region === undefined || !zonesByRegion.has(region)) {
    if (request.region !== undefined || named.length === 0) {
      report.error(
        [...path, "region"],
        request.region === undefined
          ? `Required, unless zones say it. Allowed: ${regions.join(", ")}.`
          : `Not a region of Scaleway. Allowed: ${regions.join(", ")}.${nearest(request.region, regions)}`,
      );
    }
  }
  const allowed = zonesByRegion.get(region ?? "") ?? [...zonesByRegion.values()].flat();
  const zones = request.zones ?? [request.zone ?? `${region}-1`];

  const checkZone = (zone: string, at: InputPath) => {
    if (!allowed.includes(zone)) {
      const whose = region ?? "Scaleway";
      report.error(
        at,
        `Not a zone of ${whose}. Allowed: ${allowed.join(", ")}.${nearest(zone, allowed)}`,
      );
    } else if (!hasBlockStorage(zone)) {
      report.error(at, "Block storage, which the nodes' disks need, is not sold here.");
    }
  };
  request.zones?.forEach((zone, index) => {
    checkZone(zone, [...path, "zones", index]);
  });
  if (request.zone !== undefined) checkZone(request.zone, [...path, "zone"]);

  const zone = request.zone ?? zones[0] ?? "";
  if (allowed.includes(zone) && !hasGatewayAndLoadBalancer(zone)) {
    const better = allowed.filter(hasGatewayAndLoadBalancer);
    const ofZones = request.zones === undefined ? ["region"] : ["zones", 0];
    report.error(
      [...path, ...(request.zone === undefined ? ofZones : ["zone"])],
      better.length === 0
        ? "Load balancers are not sold in this region. Take another region."
        : `The gateway, the load balancer and the bastion live here (zone, or else the first of ` +
            `zones), and ${zone} does not offer them. Set zone to ${better.join(" or ")}.`,
    );
  }
  return { region: region ?? "", zones, zone };
}

function types(request: PlacementRequest, zones: readonly string[], zone: string, report: Report) {
  const smallest = zones.includes("fr-par-3") ? "PRO2-XXS" : undefined;
  const defaults = {
    controlPlane: smallest ?? "DEV1-M",
    worker: smallest ?? "DEV1-L",
    bastion: "DEV1-S",
  };
  return chooseMachineTypes(request, defaults, (type, at, need) => {
    checkType(type, at, { ...need, where: need.purpose === "bastion" ? [zone] : zones }, report);
  });
}

interface Need extends MachineNeed {
  readonly where: readonly string[];
}

function checkType(name: string, at: InputPath, need: Need, report: Report): void {
  const type = machineTypes.get(name);
  if (type === undefined) {
    const near = nearest(name, [...machineTypes.keys()]);
    if (!/^[A-Z0-9]+(-[A-Z0-9]+)+$/.test(name)) {
      report.error(at, `Not a machine type of Scaleway, such as DEV1-M or PRO2-XXS.${near}`);
    } else {
      report.warn(
        at,
        `Not among the machine types known here: its memory and zones are unchecked.${near}`,
      );
    }
    return;
  }
  const fits = (candidate: string) => {
    const other = machineTypes.get(candidate);
    return (
      other?.architecture === "x86_64" &&
      other.memoryGib >= need.memoryGib &&
      (other.everyZone || !need.where.includes("fr-par-3"))
    );
  };
  const smallest = [...machineTypes.keys()].find(fits);
  if (type.architecture !== "x86_64") {
    report.error(at, `${name} is an ${type.architecture} machine, and the images are x86_64.`);
  } else if (type.memoryGib < need.memoryGib) {
    report.error(
      at,
      `${need.whose} needs ${need.memoryGib} GiB of memory; ${name} has ${type.memoryGib}. ` +
        `Smallest that fits: ${smallest}.`,
    );
  } else if (!type.everyZone && need.where.includes("fr-par-3")) {
    report.error(at, `${name} is not sold in fr-par-3. Smallest that is: ${smallest}.`);
  }
}

function nodeImage(request: PlacementRequest, zones: readonly string[], report: Report): NodeImage {
  const { path, imageId, imageName } = request;
  if (imageId === undefined) return { name: imageName ?? defaultImageName };
  const at = [...path, "image_id"];
  const [id = "", zone, ...rest] = imageId.split("/").reverse();
  if (!uuid.test(id) || rest.length > 0) {
    report.error(at, "An image's id is a UUID, alone or with its zone: fr-par-1/1b2c….");
  } else if (new Set(zones).size > 1) {
    report.error(
      at,
      "An image lives in one zone, and the nodes are in several. Use image_name, with an image of that name in each.",
    );
  } else if (zone !== undefined && zone !== zones[0] && regionOf(zones[0] ?? "") !== undefined) {
    report.error(at, `This image is in ${zone}, the nodes are in ${zones[0]}.`);
  }
  return { id: imageId };
}
