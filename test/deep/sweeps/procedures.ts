import type { TestCloud } from "../../support/clouds";
import type { Size } from "./invariants";

/** A change of tofu.tfvars, and `up`. */
export interface Procedure {
  readonly name: string;
  /** Variables that change. */
  readonly edit: object;
  /** Options of `up` besides --yes. */
  readonly options: readonly string[];
  readonly size: Size;
}

export const usualSize: Size = { controlPlanes: 3, workers: 1 };
const largeSize: Size = { controlPlanes: 5, workers: 2 };

/** The nodes of a sweep's cluster, as its variable. */
export function nodesOf(cloud: TestCloud, size: Size, changes: object = {}): object {
  const { controlPlanes: control_planes, workers } = size;
  return { ...cloud.available, control_planes, workers, ...changes };
}

const allow = (...nodes: string[]) => nodes.flatMap((node) => ["--allow", node]);

/** The procedures that change a running cluster, in an order that ends with the cluster of the beginning. */
export function proceduresOf(cloud: TestCloud): readonly Procedure[] {
  const nodes = (size: Size, changes: object = {}) => ({
    node_distribution: { [cloud.name]: nodesOf(cloud, size, changes) },
  });
  const patch = (config: object) => ({ config_patches: { all: [JSON.stringify(config)] } });
  const noPatch = { config_patches: {} };
  const pair = allow("control-plane-3", "control-plane-4");
  const one = (name: string, edit: object, more: Partial<Procedure> = {}): Procedure => ({
    name,
    edit,
    options: [],
    size: usualSize,
    ...more,
  });
  return [
    one("configuration", patch({ machine: { sysctls: { "vm.max_map_count": "262144" } } })),
    one("configuration back", noPatch),
    one("configuration with a reboot", patch({ machine: { env: { SWEEP: "on" } } })),
    one("configuration with a reboot back", noPatch),
    one("Kubernetes", { kubernetes_version: "1.37.2" }),
    one("Kubernetes back", { kubernetes_version: "1.37.1" }),
    one("Talos", { talos_version: "v1.14.2" }),
    one("Talos back", { talos_version: "v1.14.1" }),
    one("both versions", { talos_version: "v1.14.2", kubernetes_version: "1.37.2" }),
    one("both versions back", { talos_version: "v1.14.1", kubernetes_version: "1.37.1" }),
    one("scale up", nodes(largeSize), { size: largeSize, options: pair }),
    one("scale down", nodes(usualSize), { options: pair }),
    one("replace", {}, { options: ["--replace", "control-plane-1", ...allow("control-plane-1")] }),
    one("resize", nodes(usualSize, { worker_instance_type: cloud.plentifulType })),
    one("resize back", nodes(usualSize)),
  ];
}
