import type { CloudName } from "../../../constructs/model/cluster-spec";
import type { TestCloud } from "../../support/clouds";
import type { Size } from "./invariants";

/** What tofu.tfvars says, as far as procedures change it. */
export interface Target extends Size {
  readonly talos: string;
  readonly kubernetes: string;
  /** A setting that Talos takes at once. */
  readonly sysctl: boolean;
  /** A setting for which nodes reboot. */
  readonly environment: boolean;
  readonly label: boolean;
  /** Machines of another type: of workers, of control planes. */
  readonly largeWorkers: boolean;
  readonly largeControlPlanes: boolean;
}

/** The cluster that a sweep begins with. */
export const usual: Target = {
  controlPlanes: 3,
  workers: 1,
  talos: "v1.14.1",
  kubernetes: "1.37.1",
  sysctl: false,
  environment: false,
  label: false,
  largeWorkers: false,
  largeControlPlanes: false,
};

/** Another machine type than the usual one. */
const larger: Readonly<Record<CloudName, string>> = {
  scaleway: "PRO2-S",
  ovh: "b3-16",
  outscale: "tinav6.c8r16p2",
};

/** The nodes of a cluster, as its variable. */
export function nodesOf(cloud: TestCloud, target: Target): object {
  return {
    ...cloud.available,
    control_planes: target.controlPlanes,
    workers: target.workers,
    ...(target.largeWorkers && { worker_instance_type: larger[cloud.name] }),
    ...(target.largeControlPlanes && { control_plane_instance_type: larger[cloud.name] }),
  };
}

/** All variables that a target concerns: those of an earlier one are replaced too. */
export function variablesOf(cloud: TestCloud, target: Target): object {
  const machine = {
    ...(target.sysctl && { sysctls: { "vm.max_map_count": "262144" } }),
    ...(target.environment && { env: { SWEEP: "on" } }),
  };
  const isPatched = target.sysctl || target.environment;
  return {
    talos_version: target.talos,
    kubernetes_version: target.kubernetes,
    config_patches: isPatched ? { all: [JSON.stringify({ machine })] } : {},
    node_labels: target.label ? { workers: { "example.org/swept": "yes" } } : {},
    node_distribution: { [cloud.name]: nodesOf(cloud, target) },
  };
}
