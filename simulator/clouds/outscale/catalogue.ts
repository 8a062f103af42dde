/** Figures of the cloud: its regions, durations, and timeouts of the provider. */

/** The default of provider 1.8.0, when neither block nor environment names one. */
export const DEFAULT_REGION = "eu-west-2";

/** Letters of the subregions of an account; only newer accounts have a third one. */
export const DEFAULT_SUBREGIONS: readonly string[] = ["a", "b"];

/** Simulated milliseconds. Those of load balancers and VMs have the order of magnitude that users reported. */
export const DURATION = {
  subnetReady: 2_000,
  natReady: 20_000,
  natDeleted: 20_000,
  loadBalancerReady: 90_000,
  loadBalancerChanged: 10_000,
  loadBalancerDeleted: 60_000,
  vmReady: 20_000,
  vmStopped: 20_000,
  vmTerminated: 15_000,
  /** Until the services of a machine answer on their ports. */
  vmBooted: 40_000,
  /** In the queue, and the import itself. */
  snapshotImported: 600_000,
  snapshotDeleted: 10_000,
  imageReady: 30_000,
  /** Between two attempts of a call that is answered with a retryable code. */
  retry: 10_000,
} as const;

const MINUTE = 60_000;

/** Default timeouts of the resources (provider 1.8.0, consts.go and resource_outscale_vm.go). */
export const TIMEOUT = {
  create: 10 * MINUTE,
  read: 5 * MINUTE,
  update: 10 * MINUTE,
  delete: 5 * MINUTE,
  createVm: 15 * MINUTE,
  createSnapshot: 40 * MINUTE,
} as const;

/** Of encoded user data: the API's own test suite has 512000. */
export const USER_DATA_BYTES = 512_000;

/** GiB; provider 1.8.0, consts.go. */
export const VOLUME_SIZE = { minimum: 1, maximum: 14_901 } as const;

export const IOPS = { minimum: 100, maximum: 13_000 } as const;

export const VOLUME_TYPES: readonly string[] = ["standard", "gp2", "io1"];

/** In a subnet the first four addresses and the last one are reserved (docs of outscale_vm). */
export const RESERVED_FIRST = 4;

/** AWS-compatible aliases of the cloud's own families (user guide, VM types). */
const ALIAS = /^(t2|m3|m4|m5|c3|c4|c5|r3|r4|r5|og4|g[23]|p[236]|io5|mv3|nv1|os?i[0-9])\.[a-z0-9]+$/;

/** `tinavW.cXrYpZ`: generation, vCores, GiB, performance 1 to 3. */
const TINA = /^tinav([1-9]\d*)\.c([1-9]\d*)r([1-9]\d*)(p[123])?$/;

export function isVmType(type: string): boolean {
  return TINA.test(type) || ALIAS.test(type);
}

/** The flag in the type takes precedence over the argument. */
export function performanceOf(type: string): string | undefined {
  const flag = TINA.exec(type)?.[4];
  return flag && { p1: "highest", p2: "high", p3: "medium" }[flag];
}
