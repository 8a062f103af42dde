import type { DistributionRequest, ResolvedDistribution } from "../../constructs/cloud-provider";
import type { NodeImage } from "../../constructs/model/cluster-spec";
import type { InputPath, Report } from "../../constructs/model/report";
import { type Location, resolveLocation } from "../resolve-location";
import {
  type MachineNeed,
  type MachineTypeRules,
  resolveMachineTypes,
  tooLittleMemory,
} from "../resolve-machine-types";
import { resolvePools } from "../resolve-pools";
import { mostZones } from "./addresses";
import {
  defaultBastionImage,
  defaultImageName,
  defaultMachineTypes,
  defaultRootVolumeGb,
  imageId as imageIdForm,
  isAlias,
  isZoneOf,
  loadBalancerName,
  longestClusterName,
  machineType,
  regionOf,
  regions,
} from "./catalog";
import { info } from "./info";

/** Outscale's part of `node_distribution`: the nodes' location, machine types and images. */
export function resolve(request: DistributionRequest, report: Report): ResolvedDistribution {
  checkClusterName(request.clusterName, report);
  const location = locationOf(request, report);
  const types = resolveMachineTypes(request, location, machineTypeRules, report);
  const nodeImage = nodeImageOf(request, report);
  const rootVolumeGb = request.rootVolumeGb ?? defaultRootVolumeGb;
  return {
    ...location,
    ...types,
    pools: resolvePools(request, location, types, rootVolumeGb),
    nodeImage,
    rootVolumeGb,
    bastionImage: bastionImageOf(request, report),
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

function locationOf(request: DistributionRequest, report: Report): Location {
  const location = resolveLocation(
    request,
    {
      title: info.title,
      regions,
      regionOf,
      defaultZone: (region) => `${region}a`,
      zoneProblem: (zone, region) =>
        (region === undefined ? regionOf(zone) !== undefined : isZoneOf(region, zone))
          ? undefined
          : `Not a subregion of ${region ?? info.title}: those are the region and a letter, ` +
            `such as ${region ?? "eu-west-2"}a.`,
    },
    report,
  );
  if (new Set(location.zones).size > mostZones) {
    report.error(
      [...request.path, "zones"],
      `At most ${mostZones} different ones: each has its own subnet, a quarter of the network.`,
    );
  }
  checkPoolZones(request, location, report);
  return location;
}

/** A subnet's place follows from its zone's place in `zones`: with pools' own ones it could move. */
function checkPoolZones(
  { pools }: DistributionRequest,
  { region, zones }: Location,
  report: Report,
): void {
  for (const { path, zones: ofPool = [] } of pools) {
    ofPool.forEach((zone, index) => {
      if (zones.includes(zone) || !isZoneOf(region, zone)) return;
      report.error(
        [...path, "zones", index],
        `On Outscale a pool's zones are among the cluster's zones, each of which is a subnet: ${[...new Set(zones)].join(", ")}.`,
      );
    });
  }
}

const machineTypeRules: MachineTypeRules = {
  defaults: () => defaultMachineTypes,
  check: checkMachineType,
};

function checkMachineType(name: string, at: InputPath, need: MachineNeed, report: Report): void {
  const type = machineType(name);
  if (type !== undefined) {
    if (type.memoryGib >= need.memoryGib) return;
    const problem = tooLittleMemory(need, name, type.memoryGib, "GiB");
    report.error(at, `${problem} (the number after r).`);
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

function nodeImageOf({ path, imageId, imageName }: DistributionRequest, report: Report): NodeImage {
  if (imageId !== undefined) {
    if (!imageIdForm.test(imageId)) {
      report.error([...path, "image_id"], 'An image\'s id is "ami-" and eight hexadecimal digits.');
    }
    return { id: imageId };
  }
  // A star would match the newest of any such name.
  if (imageName?.includes("*") === true) {
    report.error(
      [...path, "image_name"],
      "The whole name, without a star: the image must be the one that was reviewed.",
    );
  }
  return { name: imageName ?? defaultImageName };
}

function bastionImageOf({ path, bastionImage }: DistributionRequest, report: Report): string {
  if (bastionImage?.startsWith("ami-") === true && !imageIdForm.test(bastionImage)) {
    report.error(
      [...path, "bastion_image"],
      'An image\'s id is "ami-" and eight hexadecimal digits.',
    );
  }
  return bastionImage ?? defaultBastionImage;
}
