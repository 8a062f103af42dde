import type { CloudName } from "../../../constructs/model/cluster-spec";
import type { TestCloud } from "../../support/clouds";
import type { Size } from "./invariants";

/** What tofu.tfvars says, as far as procedures change it. */
export interface Wish extends Size {
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
export const usual: Wish = {
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
export function nodesOf(cloud: TestCloud, wish: Wish): object {
  return {
    ...cloud.available,
    control_planes: wish.controlPlanes,
    workers: wish.workers,
    ...(wish.largeWorkers && { worker_instance_type: larger[cloud.name] }),
    ...(wish.largeControlPlanes && { control_plane_instance_type: larger[cloud.name] }),
  };
}

/** All variables that a wish concerns: also those of an earlier wish are replaced. */
export function variablesOf(cloud: TestCloud, wish: Wish): object {
  const machine = {
    ...(wish.sysctl && { sysctls: { "vm.max_map_count": "262144" } }),
    ...(wish.environment && { env: { SWEEP: "on" } }),
  };
  const isPatched = wish.sysctl || wish.environment;
  return {
    talos_version: wish.talos,
    kubernetes_version: wish.kubernetes,
    config_patches: isPatched ? { all: [JSON.stringify({ machine })] } : {},
    node_labels: wish.label ? { workers: { "example.org/swept": "yes" } } : {},
    node_distribution: { [cloud.name]: nodesOf(cloud, wish) },
  };
}
