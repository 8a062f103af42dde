import type { DistributionRequest, ResolvedDistribution } from "../../constructs/cloud-provider";
import type { NodeImage } from "../../constructs/model/cluster-spec";
import type { InputPath, Report } from "../../constructs/model/report";
import { nearest } from "../../constructs/model/suggestion";
import { allNodeZones, type Location, resolveLocation } from "../resolve-location";
import {
  machineCounts,
  type MachineNeed,
  type MachineTypeRules,
  type ResolvedMachineTypes,
  resolveMachineTypes,
  tooLittleMemory,
} from "../resolve-machine-types";
import { resolvePools } from "../resolve-pools";
import {
  defaultBastionImage,
  defaultImageName,
  defaultMachineTypes,
  defaultRootVolumeGb,
  isSoldIn,
  machineTypes,
  quotas,
  regionOf,
  regions,
  sells,
  zones as allZones,
  zonesOf,
} from "./catalog";
import { info } from "./info";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Scaleway's part of `node_distribution`: the nodes' location, machine types and images. */
export function resolve(request: DistributionRequest, report: Report): ResolvedDistribution {
  const location = locationOf(request, report);
  const types = resolveMachineTypes(request, location, machineTypeRules, report);
  const nodeImage = nodeImageOf(request, location, report);
  warnOfQuotas(request, types, report);
  const rootVolumeGb = request.rootVolumeGb ?? defaultRootVolumeGb;
  return {
    ...location,
    ...types,
    pools: resolvePools(request, location, types, rootVolumeGb),
    nodeImage,
    rootVolumeGb,
    bastionImage: request.bastionImage ?? defaultBastionImage,
  };
}

function locationOf(request: DistributionRequest, report: Report): Location {
  const location = resolveLocation(
    request,
    {
      title: info.title,
      regions,
      regionOf,
      defaultZone: (region) => `${region}-1`,
      zoneProblem: (zone, region) => {
        const allowed = zonesIn(region);
        if (!allowed.includes(zone)) {
          const whose = region ?? info.title;
          return `Not a zone of ${whose}. Allowed: ${allowed.join(", ")}.${nearest(zone, allowed)}`;
        }
        return sells(zone, "blockStorage")
          ? undefined
          : "Block storage, which the nodes' disks need, is not sold here.";
      },
    },
    report,
  );
  checkSharedZone(request, location, report);
  return location;
}

/** The zones of a region; all zones where that is not known. */
function zonesIn(region: string | undefined): readonly string[] {
  return region !== undefined && regions.includes(region) ? zonesOf(region) : [...allZones.keys()];
}

/** Single zonal resources must be sold in their zone. */
function checkSharedZone(
  request: DistributionRequest,
  { region, zone }: Location,
  report: Report,
): void {
  const sellsShared = (one: string) => sells(one, "publicGateway", "loadBalancer");
  const allowed = zonesIn(region);
  if (!allowed.includes(zone) || sellsShared(zone)) return;
  const better = allowed.filter(sellsShared);
  const ofZones = request.zones === undefined ? ["region"] : ["zones", 0];
  report.error(
    [...request.path, ...(request.zone === undefined ? ofZones : ["zone"])],
    better.length === 0
      ? "Load balancers are not sold in this region. Take another region."
      : `The gateway, the load balancer and the bastion live here (zone, or else the first of ` +
          `zones), and ${zone} does not offer them. Set zone to ${better.join(" or ")}.`,
  );
}

const machineTypeRules: MachineTypeRules = {
  defaults: defaultMachineTypes,
  check: checkMachineType,
};

function checkMachineType(name: string, at: InputPath, need: MachineNeed, report: Report): void {
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
  const smallest = [...machineTypes].find(
    ([, other]) =>
      other.architecture === "x86_64" &&
      other.memoryGib >= need.memoryGib &&
      need.zones.every((zone) => isSoldIn(zone, other)),
  )?.[0];
  const without = need.zones.find((zone) => !isSoldIn(zone, type));
  if (type.architecture !== "x86_64") {
    report.error(at, `${name} is an ${type.architecture} machine, and the images are x86_64.`);
  } else if (type.memoryGib < need.memoryGib) {
    const problem = tooLittleMemory(need, name, type.memoryGib, "GiB");
    report.error(at, `${problem}. Smallest that fits: ${smallest}.`);
  } else if (without !== undefined) {
    report.error(at, `${name} is not sold in ${without}. Smallest that is: ${smallest}.`);
  }
}

function nodeImageOf(request: DistributionRequest, location: Location, report: Report): NodeImage {
  const { path, imageId, imageName } = request;
  const zones = allNodeZones(request, location);
  if (imageId === undefined) return { name: imageName ?? defaultImageName };
  const at = [...path, "image_id"];
  const [id = "", zone, ...rest] = imageId.split("/").reverse();
  if (!uuid.test(id) || rest.length > 0) {
    report.error(at, "An image's id is a UUID, alone or with its zone: fr-par-1/1b2c….");
  } else if (zones.length > 1) {
    report.error(
      at,
      "An image lives in one zone, and the nodes are in several. Use image_name, with an image of that name in each.",
    );
  } else if (zone !== undefined && zone !== zones[0] && regionOf(zones[0] ?? "") !== undefined) {
    report.error(at, `This image is in ${zone}, the nodes are in ${zones[0]}.`);
  }
  return { id: imageId };
}

/** Warns of what exceeds a new account's quota: the apply would stop half-way. */
function warnOfQuotas(
  request: DistributionRequest,
  types: ResolvedMachineTypes,
  report: Report,
): void {
  for (const [type, count] of machineCounts(request, types)) {
    const quota = quotas.get(type);
    if (quota === undefined || count <= quota.newAccount) continue;
    report.warn(
      request.path,
      `${count} ${type}: a new account may have ${quota.newAccount}, one with a verified identity ` +
        `${quota.verified}. Ask Scaleway for more before the apply, which would stop half-way.`,
    );
  }
}
