import type { AddressPlan } from "../../../constructs/model/address-plan";
import type { CloudProvider, ResolvedDistribution } from "../../../constructs/cloud-provider";
import {
  type CloudName,
  cloudNames,
  mostControlPlanes,
  type NodeSpec,
} from "../../../constructs/model/cluster-spec";
import type { InputPath, Report } from "../../../constructs/model/report";
import { cloudProviders } from "../../../providers";
import { zoneAt } from "../../../providers/resolve-location";
import type { Distribution } from "../schema/settings";
import { camelCased } from "../schema/camel-case";

/** The one cloud that has nodes. */
export interface Chosen {
  readonly cloud: CloudProvider;
  readonly settings: Distribution;
  readonly path: InputPath;
}

/** Finds it; undefined after a report. */
export function chooseCloud(
  distribution: Readonly<Partial<Record<CloudName, Distribution>>>,
  report: Report,
): Chosen | undefined {
  const path = ["node_distribution"];
  const withNodes = cloudNames.filter((name) => {
    const settings = distribution[name];
    return settings !== undefined && settings.control_planes + settings.workers > 0;
  });
  const [name] = withNodes;
  if (name === undefined) {
    report.error(
      path,
      'No cloud has nodes. For one node: { scaleway = { control_planes = 1, workers = 0, region = "fr-par" } }.',
    );
    return undefined;
  }
  if (withNodes.length > 1) {
    report.error(
      path,
      `Exactly one cloud may have nodes, since a cluster is one private network; these do: ${withNodes.join(", ")}.`,
    );
    return undefined;
  }
  const cloud = cloudProviders[name];
  const settings = distribution[name];
  if (settings === undefined) throw new TypeError(`${name} has nodes`);
  return { cloud, settings, path: [...path, name] };
}

/** Fills in the location and machine types of the nodes, in their cloud's terms. */
export function resolveNodes(
  clusterName: string,
  { cloud, settings, path }: Chosen,
  report: Report,
): ResolvedDistribution {
  if (settings.subnet_id !== undefined) {
    report.error(
      [...path, "subnet_id"],
      "The cluster creates its own network, so that nothing else is on it. Remove the line.",
    );
  }
  if (settings.image_id !== undefined && settings.image_name !== undefined) {
    report.error([...path, "image_id"], "Give image_id or image_name, not both.");
  }
  const resolved = cloud.resolve({ clusterName, path, ...camelCased(settings) }, report);
  warnOfQuorum(settings.control_planes, resolved.zones, path, report);
  return resolved;
}

function warnOfQuorum(
  count: number,
  zones: readonly string[],
  path: InputPath,
  report: Report,
): void {
  if (count < 3 || new Set(zones).size === 1) return;
  for (const zone of new Set(zones)) {
    const here = zones
      .map((at, i) => (at === zone ? Math.ceil((count - i) / zones.length) : 0))
      .reduce((sum, some) => sum + Math.max(some, 0), 0);
    if (here > (count - 1) / 2) {
      report.warn(
        [...path, "zones"],
        `${here} of ${count} control planes share ${zone}: losing that zone loses the quorum.`,
      );
    }
  }
}

/** @param plan The capacity; absent when that is not known. */
export function checkCounts(
  { settings, path }: Chosen,
  plan: AddressPlan | undefined,
  report: Report,
): void {
  const { control_planes: controlPlanes, workers } = settings;
  const at = [...path, "control_planes"];
  if (controlPlanes === 0) {
    report.error(at, "A cluster needs at least one control plane.");
  } else if (controlPlanes > mostControlPlanes) {
    report.error(at, `At most ${mostControlPlanes}: etcd gets slower with every member.`);
  } else if (controlPlanes % 2 === 0) {
    report.warn(
      at,
      `An even number: ${controlPlanes} survive no more losses than ${controlPlanes - 1}.`,
    );
  }
  if (plan !== undefined && workers > plan.mostWorkers) {
    report.error([...path, "workers"], `The network has room for ${plan.mostWorkers} workers.`);
  }
}

/** Only its name says which Talos an image contains. */
export function warnOfImage(
  talosVersion: string,
  { nodeImage }: ResolvedDistribution,
  path: InputPath,
  report: Report,
): void {
  if (!("name" in nodeImage) || nodeImage.name.includes(talosVersion.slice(1))) return;
  report.warn(
    [...path, "image_name"],
    `"${nodeImage.name}" does not say that it is Talos ${talosVersion}: a configuration newer than ` +
      "the Talos in the image kills the node.",
  );
}

/** Control planes first, then workers. */
export function planNodes(
  { control_planes, workers }: Distribution,
  resolved: ResolvedDistribution,
  { slots }: AddressPlan,
): NodeSpec[] {
  const zone = (index: number) => zoneAt(resolved.zones, index) ?? resolved.zone;
  return [
    ...Array.from({ length: control_planes }, (_, index) => ({
      name: `control-plane-${index}`,
      logicalId: `control_plane_${index}`,
      role: "controlplane" as const,
      index,
      zone: zone(index),
      address: slots.controlPlane(index),
      machineType: resolved.controlPlaneMachineType,
    })),
    ...Array.from({ length: workers }, (_, index) => ({
      name: `worker-${index}`,
      logicalId: `worker_${index}`,
      role: "worker" as const,
      index,
      zone: zone(index),
      address: slots.worker(index),
      machineType: resolved.workerMachineType,
    })),
  ];
}
