import type { AddressPlan } from "../../../constructs/model/address-plan";
import type { CloudProvider, ResolvedDistribution } from "../../../constructs/cloud-provider";
import {
  type CloudName,
  cloudNames,
  type ClusterSpec,
  mostControlPlanes,
  type NodeSpec,
  type PoolSpec,
  workerPool,
} from "../../../constructs/model/cluster-spec";
import {
  hasSchematic,
  imageNameOf,
  schematicId,
  type SchematicSpec,
  shortSchematicLength,
} from "../../../constructs/model/schematic";
import type { InputPath, Report } from "../../../constructs/model/report";
import { cloudProviders } from "../../../providers";
import { zoneAt } from "../../../providers/resolve-location";
import type { Distribution } from "../schema/settings";
import { camelCased } from "../schema/camel-case";
import { marked, type Marks } from "./labels-and-taints";
import { checkBlocks, checkPools, type GivenPool, givenPools, requestOf } from "./pools";

/** The one cloud that has nodes. */
export interface Chosen {
  readonly cloud: CloudProvider;
  readonly settings: Distribution;
  readonly path: InputPath;
  /** Those besides "worker", by name. */
  readonly pools: readonly GivenPool[];
}

/** Finds it; undefined after a report. */
export function chooseCloud(
  distribution: Readonly<Partial<Record<CloudName, Distribution>>>,
  report: Report,
): Chosen | undefined {
  const path = ["node_distribution"];
  const withNodes = cloudNames.filter((name) => {
    const settings = distribution[name];
    return settings !== undefined && countOf(settings) > 0;
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
  const own = [...path, name];
  return { cloud, settings, path: own, pools: givenPools(settings, own) };
}

/** How many nodes an entry asks for. */
export function countOf({ control_planes, workers, pools = {} }: Distribution): number {
  return Object.values(pools).reduce((sum, { count }) => sum + count, control_planes + workers);
}

/** Fills in the location and machine types of the nodes, in their cloud's terms. */
export function resolveNodes(
  clusterName: string,
  { cloud, settings, path, pools }: Chosen,
  report: Report,
): ResolvedDistribution {
  checkPools(clusterName, pools, report);
  if (settings.subnet_id !== undefined) {
    report.error(
      [...path, "subnet_id"],
      "The cluster creates its own network, so that nothing else is on it. Remove the line.",
    );
  }
  if (settings.image_id !== undefined && settings.image_name !== undefined) {
    report.error([...path, "image_id"], "Give image_id or image_name, not both.");
  }
  const request = { ...camelCased(settings), pools: pools.map(requestOf) };
  const resolved = cloud.resolve({ clusterName, path, ...request }, report);
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
  { settings, path, pools }: Chosen,
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
  if (plan === undefined) return;
  if (workers > plan.mostWorkers) {
    report.error([...path, "workers"], `The network has room for ${plan.mostWorkers} workers.`);
  } else checkBlocks(pools, workers, plan, path, report);
}

/** Only its name says which Talos an image contains, and which schematic. */
export function warnOfImage(
  spec: SchematicSpec & Pick<ClusterSpec, "talosVersion">,
  { nodeImage }: ResolvedDistribution,
  path: InputPath,
  report: Report,
): void {
  if (!("name" in nodeImage)) return;
  const { name } = nodeImage;
  const at = [...path, "image_name"];
  const version = spec.talosVersion.toString();
  if (!name.includes(version.slice(1))) {
    report.warn(
      at,
      `"${name}" does not say that it is Talos ${version}: a node does not boot with a machine ` +
        "configuration newer than its Talos.",
    );
  }
  const id = schematicId(spec);
  if (hasSchematic(spec) && !name.includes(id.slice(0, shortSchematicLength))) {
    report.warn(
      at,
      `"${name}" does not say that it has the extensions and kernel arguments of this file, schematic ` +
        `${id.slice(0, shortSchematicLength)}…: openaether schematic prints its image. Name it "${imageNameOf(spec)}".`,
    );
  }
}

/**
 * Control planes first, then the pool "worker", then the others by name.
 * @param marks Labels and taints beside those of the pools
 */
export function planNodes(
  { settings: { control_planes, workers }, pools }: Chosen,
  resolved: ResolvedDistribution,
  { slots, blocks }: AddressPlan,
  marks: Marks,
): Pick<ClusterSpec, "nodes" | "pools"> {
  const { zones, rootVolumeGb, controlPlaneMachineType, workerMachineType } = resolved;
  const planned = pools.map(({ name, settings }, order) => {
    const own = resolved.pools[order];
    const { address_block: addressBlock = 0, count } = settings;
    const mostNodes = blocks.find(({ number }) => number === addressBlock)?.mostNodes ?? 0;
    if (own?.name !== name) throw new TypeError(`${name} was not resolved`);
    const pool: PoolSpec = { name, addressBlock, mostNodes, count, zones: own.zones };
    const nodes = nodesOf(name, count, {
      role: "worker",
      pool: name,
      zones: own.zones,
      address: (index) => slots.pool(pool, index),
      machineType: own.machineType,
      rootVolumeGb: own.rootVolumeGb,
    });
    return { pool, nodes };
  });
  const ofPool = new Map(pools.map(({ name, settings }) => [name, settings]));
  const nodes = [
    ...nodesOf("control-plane", control_planes, {
      role: "controlplane",
      zones,
      address: slots.controlPlane,
      machineType: controlPlaneMachineType,
      rootVolumeGb,
    }),
    ...nodesOf(workerPool, workers, {
      role: "worker",
      pool: workerPool,
      zones,
      address: slots.worker,
      machineType: workerMachineType,
      rootVolumeGb,
    }),
    ...planned.flatMap((one) => one.nodes),
  ];
  return {
    nodes: nodes.map((node) => marked(node, marks, ofPool.get(node.pool ?? ""))),
    pools: planned.map(({ pool }) => pool),
  };
}

/** What nodes of one role and pool have in common. */
type Alike = Omit<NodeSpec, "name" | "logicalId" | "index" | "zone" | "address"> & {
  readonly zones: readonly string[];
  readonly address: (index: number) => string;
};

/** @param name What their names begin with: "control-plane". */
function nodesOf(name: string, count: number, { zones, address, ...alike }: Alike): NodeSpec[] {
  return Array.from({ length: count }, (_, index) => ({
    ...alike,
    name: `${name}-${index}`,
    logicalId: `${name.replaceAll("-", "_")}_${index}`,
    index,
    zone: zoneAt(zones, index) ?? "",
    address: address(index),
  }));
}
