import type { Placement, PlacementRequest } from "../../constructs/cloud-provider";
import type { Report } from "../../constructs/model/report";

interface Quota {
  /** With a payment method only. */
  readonly newAccount: number;
  /** With a verified identity as well. */
  readonly verified: number;
}

/** How many machines of a type an organization may have (Scaleway's documentation of 2024). */
const quotas = new Map<string, Quota>([
  ["DEV1-S", { newAccount: 10, verified: 20 }],
  ["DEV1-M", { newAccount: 8, verified: 15 }],
  ["DEV1-L", { newAccount: 5, verified: 10 }],
  ["PLAY2-PICO", { newAccount: 10, verified: 15 }],
  ["PLAY2-NANO", { newAccount: 5, verified: 10 }],
  ["PLAY2-MICRO", { newAccount: 3, verified: 5 }],
  ["GP1-XS", { newAccount: 1, verified: 4 }],
  ["PRO2-XXS", { newAccount: 1, verified: 5 }],
  ["PRO2-XS", { newAccount: 0, verified: 4 }],
  ["POP2-2C-8G", { newAccount: 1, verified: 5 }],
]);

/** Warns of what a new account may not have: the apply would stop half-way. */
export function warnOfQuotas(
  request: PlacementRequest,
  placement: Placement,
  report: Report,
): void {
  const counts = new Map<string, number>();
  const add = (type: string, count: number) => counts.set(type, (counts.get(type) ?? 0) + count);
  add(placement.controlPlaneMachineType, request.controlPlanes);
  add(placement.workerMachineType, request.workers);
  add(placement.bastionMachineType, 1);

  for (const [type, count] of counts) {
    const quota = quotas.get(type);
    if (quota === undefined || count <= quota.newAccount) continue;
    report.warn(
      request.path,
      `${count} ${type}: a new account may have ${quota.newAccount}, one with a verified identity ` +
        `${quota.verified}. Ask Scaleway for more before the apply, which would stop half-way.`,
    );
  }
}
