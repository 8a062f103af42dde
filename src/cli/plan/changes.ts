import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ResourceValues } from "../../../constructs/model/resource-values";
import { partSteps } from "../../stack/addresses";
import type { ShownPlan } from "../../tofu/show-json";

/** A plan's action on one resource. */
export type Action = "create" | "update" | "replace" | "destroy";

/** A part of the cluster, as users call it. */
export type Part =
  "network" | "load balancer" | "bastion" | "nodes" | "Kubernetes" | "secrets and files";

/** In the order of creation. */
export const parts: readonly Part[] = [
  "network",
  "load balancer",
  "bastion",
  "nodes",
  "Kubernetes",
  "secrets and files",
];

/** The stack's constructs, by part. */
const partOf: Readonly<Record<string, Part>> = {
  cluster: "network",
  api: "load balancer",
  bastion: "bastion",
  bastion_boot: "secrets and files",
  compute: "nodes",
  bootstrap: "Kubernetes",
};

/** One planned change, with its purpose. */
export interface Change {
  /** "scaleway_instance_server.worker_0" */
  readonly address: string;
  readonly type: string;
  readonly action: Action;
  readonly part: Part;
  /** "control-plane-1", for a node's own resources. */
  readonly node?: string;
  /** Whether it is the machine itself, a node's or the bastion's. */
  readonly isServer: boolean;
  readonly before: ResourceValues;
  readonly after: ResourceValues;
  /** Attributes that differ, at the top level. */
  readonly changed: readonly string[];
  /** Those of them that force the replacement. */
  readonly replacedBy: readonly string[];
  /** "replace_by_request", "replace_by_triggers", … in tofu's notation. */
  readonly reason?: string;
}

/** The changes of a plan, without reads and unchanged resources. */
export function changesOf(plan: ShownPlan, stackDirectory: string): Change[] {
  const paths = constructPaths(stackDirectory);
  return (plan.resource_changes ?? []).flatMap((planned) => {
    const action = actionOf(planned.change.actions);
    if (planned.mode !== "managed" || action === undefined) return [];
    const {
      before,
      after,
      after_unknown: unknown = {},
      replace_paths: replacePaths,
    } = planned.change;
    const { steps, node } = purposeOf(planned.address, paths);
    const [part = "", ...rest] = steps;
    return [
      {
        address: planned.address,
        type: planned.type,
        action,
        part: partOf[part] ?? "secrets and files",
        ...(node === undefined ? {} : { node: node.replaceAll("_", "-") }),
        isServer: rest.at(-1) === "server",
        before: before ?? {},
        after: after ?? {},
        changed: differing(before ?? {}, after ?? {}, unknown),
        replacedBy: (replacePaths ?? []).map(([name]) => String(name)),
        ...(planned.action_reason === undefined ? {} : { reason: planned.action_reason }),
      },
    ];
  });
}

/** Where a resource is in the tree of constructs, within the cluster. */
interface Purpose {
  readonly steps: readonly string[];
  /** The construct of the node that it is a part of: "gpu_0". */
  readonly node?: string;
}

/** One that is no longer in the configuration, such as a removed node's, has the part of others of its type. */
function purposeOf(address: string, paths: Paths): Purpose {
  const ofNode = (steps: readonly string[]) => steps.find((step) => paths.nodes.has(step));
  const known = paths.steps.get(address);
  if (known !== undefined) return { steps: known, node: ofNode(known) };
  const [type = "", name = ""] = address.split(".");
  const alike = [...paths.steps].flatMap(([other, steps]) =>
    other.startsWith(`${type}.`) ? [steps] : [],
  );
  const nodeAlike = alike.find((steps) => ofNode(steps) !== undefined);
  return nodeAlike !== undefined && /_\d+$/.test(name)
    ? { steps: nodeAlike.map((step) => (paths.nodes.has(step) ? name : step)), node: name }
    : { steps: alike[0] ?? [] };
}

/** The names of nodes whose machine is among these resources. */
export function nodesAmong(addresses: readonly string[], stackDirectory: string): string[] {
  const paths = constructPaths(stackDirectory);
  return addresses.flatMap((address) => {
    const { steps, node } = purposeOf(address, paths);
    return node !== undefined && steps.at(-1) === "server" ? [node.replaceAll("_", "-")] : [];
  });
}

function actionOf(actions: readonly string[]): Action | undefined {
  const text = [...actions].sort().join("+");
  if (text === "create+delete") return "replace";
  if (text === "delete") return "destroy";
  return text === "create" || text === "update" ? text : undefined;
}

/** The part of the cluster that each resource of the configuration belongs to. */
export function partsOf(stackDirectory: string): (address: string) => Part {
  const paths = constructPaths(stackDirectory);
  return (address) => partOf[paths.steps.get(address)?.[0] ?? ""] ?? "secrets and files";
}

/** The tree of constructs in the configuration: what each resource is for. */
interface Paths {
  /** The steps to each resource, by its address. */
  readonly steps: ReadonlyMap<string, readonly string[]>;
  /** The nodes' constructs: "control_plane_0". */
  readonly nodes: ReadonlySet<string>;
}

function constructPaths(stackDirectory: string): Paths {
  const { resource } = JSON.parse(readFileSync(join(stackDirectory, "cdk.tf.json"), "utf8")) as {
    resource: Record<string, Record<string, { "//"?: { metadata?: { path?: string } } }>>;
  };
  const steps = new Map(
    Object.entries(resource).flatMap(([type, named]) =>
      Object.entries(named).map(([name, block]) => [
        `${type}.${name}`,
        partSteps(block["//"]?.metadata?.path ?? ""),
      ]),
    ),
  );
  const servers = [...steps.values()].filter(
    (path) => path[0] === "compute" && path.at(-1) === "server",
  );
  return { steps, nodes: new Set(servers.flatMap((path) => path.at(-2) ?? [])) };
}

function differing(
  before: ResourceValues,
  after: ResourceValues,
  unknown: ResourceValues,
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter(
    (name) =>
      unknown[name] !== true && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
}
