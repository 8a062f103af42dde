import type { DistributionRequest, ResolvedDistribution } from "../constructs/cloud-provider";
import type { InputPath } from "../constructs/model/report";

/** The purpose of a machine, and its requirements. */
export interface MachineNeed {
  readonly purpose: "controlPlane" | "worker" | "bastion";
  /** "A control plane": in sentences. */
  readonly whose: string;
  readonly memoryGib: number;
}

const needs = {
  // With less, a control plane runs out of memory under etcd and the API server (Talos's absolute
  // minimum: 2 GiB).
  controlPlane: { purpose: "controlPlane", whose: "A control plane", memoryGib: 4 },
  // Talos's own minimum.
  worker: { purpose: "worker", whose: "A worker", memoryGib: 2 },
  bastion: { purpose: "bastion", whose: "The bastion", memoryGib: 1 },
} as const satisfies Record<MachineNeed["purpose"], MachineNeed>;

export type DefaultMachineTypes = Readonly<Record<MachineNeed["purpose"], string>>;

export type ResolvedMachineTypes = Pick<
  ResolvedDistribution,
  "controlPlaneMachineType" | "workerMachineType" | "bastionMachineType"
>;

/**
 * Each purpose's machine type: its own setting, otherwise `instance_type` (not for the bastion),
 * otherwise the cloud's default. What a user configured is checked by the cloud, once, at its
 * location; a type for workers when there are none is not.
 */
export function resolveMachineTypes(
  request: DistributionRequest,
  defaults: DefaultMachineTypes,
  check: (type: string, at: InputPath, need: MachineNeed) => void,
): ResolvedMachineTypes {
  const choose = (need: MachineNeed, own: string | undefined, key: string): string => {
    const shared = need.purpose === "bastion" ? undefined : request.instanceType;
    const type = own ?? shared;
    if (type === undefined) return defaults[need.purpose];
    if (need.purpose !== "worker" || request.workers > 0) {
      check(type, [...request.path, own === undefined ? "instance_type" : key], need);
    }
    return type;
  };
  return {
    controlPlaneMachineType: choose(
      needs.controlPlane,
      request.controlPlaneInstanceType,
      "control_plane_instance_type",
    ),
    workerMachineType: choose(needs.worker, request.workerInstanceType, "worker_instance_type"),
    bastionMachineType: choose(needs.bastion, request.bastionInstanceType, "bastion_instance_type"),
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
  { controlPlanes, workers }: DistributionRequest,
  types: ResolvedMachineTypes,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (type: string, count: number) => counts.set(type, (counts.get(type) ?? 0) + count);
  add(types.controlPlaneMachineType, controlPlanes);
  add(types.workerMachineType, workers);
  add(types.bastionMachineType, 1);
  return counts;
}
