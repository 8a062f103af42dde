import type { DistributionRequest, ResolvedDistribution } from "../../constructs/cloud-provider";
import type { NodeImage } from "../../constructs/model/cluster-spec";
import type { InputPath, Report } from "../../constructs/model/report";
import { nearest } from "../../constructs/model/suggestion";
import { type Location, resolveLocation } from "../resolve-location";
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
  firstRaise,
  hasThreeZones,
  knownMachineTypes,
  machineType,
  onlyZone,
  regionOf,
  regions,
  sellsGeneration,
  zonesOf,
} from "./catalog";
import { info } from "./info";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** OVHcloud's part of `node_distribution`: the nodes' location, machine types and images. */
export function resolve(request: DistributionRequest, report: Report): ResolvedDistribution {
  const location = locationOf(request, report);
  const types = machineTypesOf(request, location, report);
  const nodeImage = nodeImageOf(request, report);
  for (const { path, rootVolumeGb } of [request, ...request.pools]) {
    if (rootVolumeGb === undefined) continue;
    report.error(
      [...path, "root_volume_gb"],
      "On OVHcloud a disk comes with the machine type. Remove the line, or take a larger type.",
    );
  }
  warnOfQuotas(request, types, report);
  return {
    ...location,
    ...types,
    pools: resolvePools(request, location, types),
    nodeImage,
    bastionImage: request.bastionImage ?? defaultBastionImage,
  };
}

function locationOf(request: DistributionRequest, report: Report): Location {
  return resolveLocation(
    request,
    {
      title: info.title,
      regions,
      regionOf,
      defaultZone: (region) => zonesOf(region)[0] ?? onlyZone,
      zoneProblem: (zone, region) => {
        if (region === undefined) return undefined; // "nova" is a zone of most regions
        const allowed = zonesOf(region);
        if (allowed.includes(zone)) return undefined;
        return hasThreeZones(region)
          ? `Not a zone of ${region}. Allowed: ${allowed.join(", ")}.${nearest(zone, allowed)}`
          : `${region} has one zone, "${onlyZone}". Remove the line; regions with three: ${regions.filter(hasThreeZones).join(", ")}.`;
      },
      missingRegion: "Required.",
      regionProblem: (region) =>
        /-LZ-/i.test(region)
          ? "A Local Zone has neither routers nor load balancers."
          : `Not a region of OVHcloud that is known here. Allowed: ${regions.join(", ")}.${nearest(region, regions)}`,
    },
    report,
  );
}

function machineTypesOf(
  request: DistributionRequest,
  location: Location,
  report: Report,
): ResolvedMachineTypes {
  const { region } = location;
  const rules: MachineTypeRules = {
    defaults: () => defaultMachineTypes(region),
    check: (type, at, need) => {
      checkMachineType(type, at, { ...need, region }, report);
    },
  };
  return resolveMachineTypes(request, location, rules, report);
}

interface RegionalNeed extends MachineNeed {
  readonly region: string;
}

function checkMachineType(name: string, at: InputPath, need: RegionalNeed, report: Report): void {
  const { region } = need;
  const type = machineType(name);
  if (type === undefined) {
    report.error(
      at,
      `Not a machine type of OVHcloud, such as b3-8 or d2-4 (in small letters).${nearest(name, knownMachineTypes)}`,
    );
    return;
  }
  const smallest = knownMachineTypes.find((known) => {
    const other = machineType(known);
    return (
      other !== undefined &&
      other.memoryGb >= need.memoryGib &&
      sellsGeneration(region, other.generation)
    );
  });
  if (type.memoryGb < need.memoryGib) {
    const problem = tooLittleMemory(need, name, type.memoryGb, "GB");
    report.error(at, `${problem}. Smallest that fits: ${smallest}.`);
  } else if (!sellsGeneration(region, type.generation)) {
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

function nodeImageOf({ path, imageId, imageName }: DistributionRequest, report: Report): NodeImage {
  if (imageId === undefined) return { name: imageName ?? defaultImageName };
  if (!uuid.test(imageId)) {
    report.error([...path, "image_id"], "An image's id is a UUID: openstack image list.");
  }
  return { id: imageId };
}

/** Warns of what exceeds a project's quota: the apply would stop half-way. */
function warnOfQuotas(
  request: DistributionRequest,
  types: ResolvedMachineTypes,
  report: Report,
): void {
  const machines = [...machineCounts(request, types)];
  const instances = machines.reduce((sum, [, count]) => sum + count, 0);
  const memoryGb = machines.reduce(
    (sum, [type, count]) => sum + (machineType(type)?.memoryGb ?? 0) * count,
    0,
  );
  if (instances <= firstRaise.instances && memoryGb <= firstRaise.memoryGb) return;
  report.warn(
    request.path,
    `${instances} instances with ${memoryGb} GB of memory: a project may have ${firstRaise.instances} ` +
      `with ${firstRaise.memoryGb} GB after its first raise of quota, and fewer when it is new. Ask ` +
      "OVHcloud for more before the apply, which would stop half-way.",
  );
}
