import type { Placement, PlacementRequest } from "../../constructs/cloud-provider";
import type { Report } from "../../constructs/model/report";
import { machineType } from "./machine-types";

/** What the first raise of a project's quota allows (OVHcloud's documentation of 2025); a new one has less. */
const firstRaise = { instances: 20, memoryGb: 430 };

/** Warns of what a project may not have: the apply would stop half-way. */
export function warnOfQuotas(
  request: PlacementRequest,
  placement: Placement,
  report: Report,
): void {
  const machines: [string, number][] = [
    [placement.controlPlaneMachineType, request.controlPlanes],
    [placement.workerMachineType, request.workers],
    [placement.bastionMachineType, 1],
  ];
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
