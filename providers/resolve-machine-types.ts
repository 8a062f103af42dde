import type {
  DistributionRequest,
  PoolRequest,
  ResolvedDistribution,
} from "../constructs/cloud-provider";
import type { InputPath, Report } from "../constructs/model/report";
import { type Location, zonesOfPool } from "./resolve-location";

/** The purpose of a machine, and its requirements. */
export interface MachineNeed {
  readonly purpose: "controlPlane" | "worker" | "bastion";
  /** "A control plane": in sentences. */
  readonly whose: string;
  readonly memoryGib: number;
  /** Where it is needed. */
  readonly zones: readonly string[];
}

const needs = {
  // With less, a control plane runs out of memory under etcd and the API server (Talos's absolute
  // minimum: 2 GiB).
  controlPlane: { purpose: "controlPlane", whose: "A control plane", memoryGib: 4 },
  // Talos's own minimum.
  worker: { purpose: "worker", whose: "A worker", memoryGib: 2 },
  bastion: { purpose: "bastion", whose: "The bastion", memoryGib: 1 },
} as const satisfies Record<MachineNeed["purpose"], Omit<MachineNeed, "zones">>;

export type DefaultMachineTypes = Readonly<Record<MachineNeed["purpose"], string>>;

export type ResolvedMachineTypes = Pick<
  ResolvedDistribution,
  "controlPlaneMachineType" | "workerMachineType" | "bastionMachineType"
> & {
  /** In the order of the request's pools. */
  readonly poolMachineTypes: readonly string[];
};

/** The rules of one cloud. */
export interface MachineTypeRules {
  /** @param zones Of the nodes that need them */
  readonly defaults: (zones: readonly string[]) => DefaultMachineTypes;
  /** Checks what a user configured. */
  readonly check: (type: string, at: InputPath, need: MachineNeed, report: Report) => void;
}

/** What a user configured, and where. */
type Configured = readonly [type: string | undefined, setting: InputPath];

/**
 * Each purpose's machine type: its own setting, otherwise `instance_type` (not for the bastion),
 * otherwise the cloud's default; a pool's, its own, otherwise as the workers'. What a user
 * configured is checked by the cloud for everything that has it, at the setting's path; a type for
 * workers when there are none is not.
 */
export function resolveMachineTypes(
  request: DistributionRequest,
  location: Location,
  { defaults, check }: MachineTypeRules,
  report: Report,
): ResolvedMachineTypes {
  const at = (key: string): InputPath => [...request.path, key];
  const shared: Configured = [request.instanceType, at("instance_type")];
  const ofWorkers: Configured = [request.workerInstanceType, at("worker_instance_type")];
  const choose = (need: MachineNeed, isNeeded: boolean, ...settings: Configured[]): string => {
    for (const [type, path] of settings) {
      if (type === undefined) continue;
      if (isNeeded) check(type, path, need, report);
      return type;
    }
    return defaults(need.zones)[need.purpose];
  };
  const ofPool = (pool: PoolRequest) => {
    const own: Configured = [pool.instanceType, [...pool.path, "instance_type"]];
    const need = { ...needs.worker, zones: zonesOfPool(pool, location) };
    return choose(need, pool.count > 0, own, ofWorkers, shared);
  };
  const { zone, zones } = location;
  return {
    controlPlaneMachineType: choose(
      { ...needs.controlPlane, zones },
      true,
      [request.controlPlaneInstanceType, at("control_plane_instance_type")],
      shared,
    ),
    workerMachineType: choose({ ...needs.worker, zones }, request.workers > 0, ofWorkers, shared),
    bastionMachineType: choose({ ...needs.bastion, zones: [zone] }, true, [
      request.bastionInstanceType,
      at("bastion_instance_type"),
    ]),
    poolMachineTypes: request.pools.map(ofPool),
  };
}

/** "A worker needs 2 GiB of memory; STARDUST1-S has 1". @param unit The cloud's unit */
export function tooLittleMemory(
  need: MachineNeed,
  type: string,
  memory: number,
  unit: "GiB" | "GB",
): string {
  return `${need.whose} needs ${need.memoryGib} ${unit} of memory; ${type} has ${memory}`;
}

/** How many machines of each type the cluster has, including the bastion: what a quota counts. */
export function machineCounts(
  { controlPlanes, workers, pools }: DistributionRequest,
  types: ResolvedMachineTypes,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (type: string, count: number) => counts.set(type, (counts.get(type) ?? 0) + count);
  add(types.controlPlaneMachineType, controlPlanes);
  add(types.workerMachineType, workers);
  pools.forEach(({ count }, index) => {
    add(types.poolMachineTypes[index] ?? types.workerMachineType, count);
  });
  add(types.bastionMachineType, 1);
  return counts;
}
