import type { CloudInfo } from "../../../constructs/cloud-info";
import { UserError } from "../../errors";
import { inOrder, isControlPlane } from "../cluster/node-order";
import type { Change } from "./changes";
import { bootstrapAddress } from "./etcd";

export type StageKind =
  /** The whole plan in one apply: a first creation, or a change that no stages can be made of. */
  | "all"
  /** Changes that touch no existing node. */
  | "cloud"
  | "add-control-plane"
  /** New control planes enter the load balancer. */
  | "attach"
  | "add-workers"
  | "replace"
  | "resize"
  /** Control planes that are removed leave the load balancer. */
  | "detach"
  | "remove";

/** A part of a plan, applied by itself. */
export interface Stage {
  readonly kind: StageKind;
  /** The nodes that it adds, or the one that it works on. */
  readonly nodes: readonly string[];
  /** What it changes. */
  readonly addresses: readonly string[];
  /** What later stages change: `-exclude` keeps it, and what depends on it, out of this one's plan. */
  readonly heldBack: readonly string[];
  /** The node is the only control plane: nothing in the cluster can be done before its machine goes. */
  readonly isAlone: boolean;
  /** It needs no node that works: it touches none, and no member of etcd. */
  readonly isFree: boolean;
}

export interface StagedPlan {
  readonly changes: readonly Change[];
  /** Control planes may have etcd's data. */
  readonly hasEtcd: boolean;
  /** Nodes whose machine exists. */
  readonly nodes: readonly string[];
}

type Facts = Pick<CloudInfo, "restartedBy" | "backends">;

/** What a plan does to a node's machine. */
export type NodeWork = "add" | "replace" | "resize" | "remove";

/**
 * The stages of a plan, in the order in which they are applied: what touches no existing node, new
 * nodes, replacements and resizes, removals. Every change is in exactly one of them. Once etcd
 * exists, no two control planes are in one, and no existing node shares one with another.
 * @throws UserError when no control plane would be left
 */
export function stagesOf(plan: StagedPlan, facts: Facts): readonly Stage[] {
  const { changes } = plan;
  if (changes.length === 0) return [];
  const works = nodeWorks(plan, facts);
  if (!plan.hasEtcd || works.size === 0 || isInseparable(changes)) return [whole(changes)];
  const parts = order(works, plan.nodes);
  const partOf = partition(works, facts);
  const filled = parts
    .map((part) => ({
      ...part,
      addresses: changes.filter((one) => partOf(one) === part.key).map(({ address }) => address),
    }))
    .filter(({ addresses }) => addresses.length > 0);
  const [previous, last] = filled.slice(-2);
  // tofu destroys what nodes were in after them.
  if (previous?.kind === "remove" && last?.key === "last") {
    filled.splice(-2, 2, { ...previous, addresses: [...previous.addresses, ...last.addresses] });
  }
  return filled.map(({ key, kind, nodes, addresses, isAlone }, index) => ({
    kind,
    nodes,
    addresses,
    heldBack: filled.slice(index + 1).flatMap((later) => later.addresses),
    isAlone,
    isFree: key === "cloud" || key === "workers",
  }));
}

/** What is done to the machine of each node; nodes whose machine is not interrupted are not in it. */
export function nodeWorks(
  { changes, nodes }: Pick<StagedPlan, "changes" | "nodes">,
  { restartedBy }: Pick<Facts, "restartedBy">,
): ReadonlyMap<string, NodeWork> {
  const works = new Map<string, NodeWork>();
  for (const change of changes) {
    const { action, node, isServer, part } = change;
    if (node === undefined) continue;
    const work = isServer
      ? workOnServer(change, restartedBy)
      : // Its connection, for example: the node is away until it has another.
        part === "nodes" &&
          (action === "replace" || action === "destroy") &&
          nodes.includes(node) &&
          !works.has(node)
        ? "resize"
        : undefined;
    if (work !== undefined) works.set(node, work);
  }
  return works;
}

function workOnServer({ action, changed }: Change, restartedBy: readonly string[]) {
  if (action === "create") return "add";
  if (action === "destroy") return "remove";
  if (action === "replace") return "replace";
  return changed.some((name) => restartedBy.includes(name)) ? "resize" : undefined;
}

/** A first creation that was interrupted, or the replacement of what existing nodes are in. */
function isInseparable(changes: readonly Change[]): boolean {
  return changes.some(
    (change) =>
      (change.address === bootstrapAddress && change.action !== "destroy") ||
      (change.action === "replace" && isAround(change)),
  );
}

/** What nodes are in: a network, a subnet, a security group. A rule can be changed around them. */
function isAround({ node, part, type }: Change): boolean {
  return (
    node === undefined &&
    (part === "network" || part === "nodes") &&
    !type.includes("rule") &&
    type !== "terraform_data"
  );
}

/**
 * What the nodes that go may be in, a zone's security group, for example. It is no longer in the
 * configuration, so that its part of the cluster is only that of others of its type.
 */
function isEmptied({ action, part, type }: Change): boolean {
  return (
    action === "destroy" &&
    !type.includes("rule") &&
    part !== "Kubernetes" &&
    part !== "secrets and files"
  );
}

function whole(changes: readonly Change[]): Stage {
  const addresses = changes.map(({ address }) => address);
  return { kind: "all", nodes: [], addresses, heldBack: [], isAlone: false, isFree: true };
}

/** A stage without its changes. */
interface Part {
  /** "cloud", "attach", "workers", "detach", "last", or a node's name. */
  readonly key: string;
  readonly kind: StageKind;
  readonly nodes: readonly string[];
  readonly isAlone: boolean;
}

function order(works: ReadonlyMap<string, NodeWork>, existing: readonly string[]): Part[] {
  const of = (...wanted: NodeWork[]) =>
    inOrder([...works].filter(([, work]) => wanted.includes(work)).map(([node]) => node));
  const added = of("add");
  const controlPlanes = new Set(existing.filter(isControlPlane));
  const parts: Part[] = [part("cloud", "cloud")];
  for (const node of added.filter(isControlPlane)) {
    parts.push(part(node, "add-control-plane", [node]));
    controlPlanes.add(node);
  }
  parts.push(part("attach", "attach"));
  const workers = added.filter((node) => !isControlPlane(node));
  parts.push(part("workers", "add-workers", workers));
  for (const node of of("replace", "resize")) {
    const isAlone = isControlPlane(node) && controlPlanes.size <= 1;
    const kind = works.get(node) === "replace" ? "replace" : "resize";
    parts.push({ ...part(node, kind, [node]), isAlone });
  }
  parts.push(part("detach", "detach"));
  // The highest index first: workers, then control planes.
  for (const node of of("remove").reverse()) {
    if (isControlPlane(node)) controlPlanes.delete(node);
    if (controlPlanes.size === 0 && isControlPlane(node)) {
      throw new UserError(
        `Refused: ${node} is the last control plane, and the cluster is lost without it. To destroy the cluster: ./openaether down`,
      );
    }
    parts.push(part(node, "remove", [node]));
  }
  parts.push(part("last", "cloud"));
  return parts;
}

function part(key: string, kind: StageKind, nodes: readonly string[] = []): Part {
  return { key, kind, nodes, isAlone: false };
}

/** The key of the part that a change belongs to. */
function partition(
  works: ReadonlyMap<string, NodeWork>,
  { backends }: Facts,
): (change: Change) => string {
  const kinds = [...works.values()];
  const addsControlPlanes = [...works].some(
    ([node, work]) => work === "add" && isControlPlane(node),
  );
  const removesControlPlanes = [...works].some(
    ([node, work]) => work === "remove" && isControlPlane(node),
  );
  const isShared = (change: Change) => change.node === undefined || !works.has(change.node);
  const addsOnlyWorkers = kinds.includes("add") && kinds.every((work) => work === "add");
  const first = addsControlPlanes || !addsOnlyWorkers ? "cloud" : "workers";
  const leaves = kinds.includes("remove") || kinds.includes("replace");
  return (change) => {
    const { action, node = "", part, type } = change;
    // Nodes leave the load balancer before they go, and enter it when they answer.
    const isBackend = type === backends || (part === "load balancer" && works.has(node));
    if (isBackend && removesControlPlanes && action !== "create") return "detach";
    if (isBackend && addsControlPlanes) return "attach";
    if (isShared(change)) return leaves && isEmptied(change) ? "last" : first;
    return works.get(node) === "add" && !isControlPlane(node) ? "workers" : node;
  };
}

/** "control-plane-1 is added" */
export function stageTitle({ kind, nodes }: Stage, names = nodes.join(", ")): string {
  const verbs: Readonly<Record<StageKind, string>> = {
    all: "",
    cloud: "What touches no node",
    "add-control-plane": `${names} is added`,
    attach: "Control planes enter the load balancer",
    "add-workers": `${names} ${nodes.length === 1 ? "is" : "are"} added`,
    replace: `${names} is replaced`,
    resize: `${names} is restarted`,
    detach: "Control planes leave the load balancer",
    remove: `${names} is removed`,
  };
  return verbs[kind];
}
