import { usual, type Target } from "./target";

/** A change of tofu.tfvars, and `up`. */
export interface Procedure {
  readonly name: string;
  readonly target: Target;
  /** Options of `up` besides --yes. */
  readonly options: readonly string[];
}

export const allow = (...nodes: string[]) => nodes.flatMap((node) => ["--allow", node]);

const pair = allow("control-plane-3", "control-plane-4");

/** The procedures that change a running cluster, in an order that ends with the cluster of the beginning. */
export const procedures: readonly Procedure[] = [
  one("configuration", { sysctl: true }),
  one("configuration back"),
  one("configuration with a reboot", { environment: true }),
  one("configuration with a reboot back"),
  one("Kubernetes", { kubernetes: "1.37.2" }),
  one("Kubernetes back"),
  one("Talos", { talos: "v1.14.2" }),
  one("Talos back"),
  one("both versions", { talos: "v1.14.2", kubernetes: "1.37.2" }),
  one("both versions back"),
  one("scale up", { controlPlanes: 5, workers: 2 }, pair),
  one("scale down", {}, pair),
  one("replace", {}, ["--replace", "control-plane-1", ...allow("control-plane-1")]),
  one("resize", { largeWorkers: true }),
  one("resize back"),
];

function one(
  name: string,
  target: Partial<Target> = {},
  options: readonly string[] = [],
): Procedure {
  return { name, target: { ...usual, ...target }, options };
}
