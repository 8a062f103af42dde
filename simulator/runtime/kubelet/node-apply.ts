import type { TalosNode } from "../../talos/nodes/node";
import type { NodeObject, Taint } from "./objects";

const CONTROL_PLANE = "node-role.kubernetes.io/control-plane";
const OWNED_LABELS = "talos.dev/owned-labels";
const OWNED_ANNOTATIONS = "talos.dev/owned-annotations";
const OWNED_TAINTS = "talos.dev/owned-taints";
/** Marks a cordon as Talos's own; any other is left alone. */
const CORDONED = "talos.dev/cordoned";

/** What Talos wants a Node to have. */
export interface DesiredNode {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** It is about to go down. */
  readonly isCordoned: boolean;
}

export function desiredNode(node: TalosNode, isCordoned = false): DesiredNode {
  const configuration = node.configuration;
  return {
    labels: {
      ...configuration?.nodeLabels,
      ...(node.isControlPlane && { [CONTROL_PLANE]: "" }),
    },
    annotations: { ...configuration?.nodeAnnotations, ...schematicOf(node) },
    taints: desiredTaints(node),
    isCordoned,
  };
}

/**
 * Images of the factory have their schematic as an extension, whose version is no label's value; it
 * is that of the installer.
 */
function schematicOf({ configuration }: TalosNode): Record<string, string> {
  const [, schematic] = /\/([0-9a-f]{64}):/.exec(configuration?.installImage ?? "") ?? [];
  return schematic === undefined ? {} : { "extensions.talos.dev/schematic": schematic };
}

/** The configuration's, and a control plane's own where ordinary pods may not run. */
export function desiredTaints({ configuration, isControlPlane }: TalosNode): Taint[] {
  const isReserved = isControlPlane && configuration?.schedulesOnControlPlanes !== true;
  const texts = {
    ...configuration?.nodeTaints,
    ...(isReserved && { [CONTROL_PLANE]: "NoSchedule" }),
  };
  return Object.entries(texts)
    .map(([key, text]) => taintOf(key, text))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** @param text "effect" or "value:effect" */
function taintOf(key: string, text: string): Taint {
  const colon = text.indexOf(":");
  return colon < 0
    ? { key, effect: text }
    : { key, value: text.slice(0, colon), effect: text.slice(colon + 1) };
}

/**
 * A Node with what Talos wants of it. Talos changes and removes only what it owns, as the Node's
 * annotations list it; it takes over what is missing, and what is there with the wanted value.
 *
 * @returns The same object when there is nothing to change.
 */
export function applyToNode(node: NodeObject, desired: DesiredNode): NodeObject {
  const annotations = { ...node.metadata.annotations };
  const ownedLabels = ownedIn(annotations, OWNED_LABELS);
  const ownedAnnotations = ownedIn(annotations, OWNED_ANNOTATIONS);
  const ownedTaints = ownedIn(annotations, OWNED_TAINTS);
  const labels = { ...node.metadata.labels };
  applyPairs(labels, ownedLabels, desired.labels);
  applyPairs(annotations, ownedAnnotations, desired.annotations);
  const taints = applyTaints(node.spec?.taints ?? [], ownedTaints, desired.taints);
  const wasUnschedulable = node.spec?.unschedulable === true;
  const unschedulable = cordon(wasUnschedulable, annotations, desired.isCordoned);
  listOwned(annotations, OWNED_LABELS, ownedLabels);
  listOwned(annotations, OWNED_ANNOTATIONS, ownedAnnotations);
  listOwned(annotations, OWNED_TAINTS, ownedTaints);
  const isSame =
    same(labels, node.metadata.labels ?? {}) &&
    same(annotations, node.metadata.annotations ?? {}) &&
    JSON.stringify(taints) === JSON.stringify(node.spec?.taints ?? []) &&
    unschedulable === wasUnschedulable;
  if (isSame) return node;
  return {
    ...node,
    metadata: { ...node.metadata, labels, annotations },
    spec: { ...node.spec, taints, unschedulable },
  };
}

function applyPairs(
  pairs: Record<string, string>,
  owned: Set<string>,
  desired: Readonly<Record<string, string>>,
): void {
  for (const [key, value] of Object.entries(desired)) {
    if (pairs[key] === undefined || pairs[key] === value) owned.add(key);
    if (owned.has(key)) pairs[key] = value;
  }
  for (const key of [...owned]) {
    if (Object.hasOwn(desired, key)) continue;
    Reflect.deleteProperty(pairs, key);
    owned.delete(key);
  }
}

function applyTaints(
  present: readonly Taint[],
  owned: Set<string>,
  desired: readonly Taint[],
): Taint[] {
  const kept = present.filter(
    ({ key }) => !owned.has(key) || desired.some((taint) => taint.key === key),
  );
  for (const key of [...owned]) if (!desired.some((taint) => taint.key === key)) owned.delete(key);
  const result = kept.map((taint) => {
    const wanted = desired.find(({ key }) => key === taint.key);
    if (wanted === undefined) return taint;
    const isSame = wanted.effect === taint.effect && (wanted.value ?? "") === (taint.value ?? "");
    if (isSame) owned.add(taint.key);
    return isSame || !owned.has(taint.key) ? taint : wanted;
  });
  const added = desired.filter(({ key }) => !present.some((taint) => taint.key === key));
  for (const { key } of added) owned.add(key);
  return [...result, ...added];
}

/** @returns Whether it is to be unschedulable. */
function cordon(
  isUnschedulable: boolean,
  annotations: Record<string, string>,
  isCordoned: boolean,
): boolean {
  if (isCordoned && !isUnschedulable) annotations[CORDONED] = "true";
  if (isCordoned || !isUnschedulable || annotations[CORDONED] === undefined) {
    return isCordoned || isUnschedulable;
  }
  Reflect.deleteProperty(annotations, CORDONED);
  return false;
}

function ownedIn(annotations: Readonly<Record<string, string>>, name: string): Set<string> {
  try {
    const list = JSON.parse(annotations[name] ?? "[]") as unknown;
    return new Set(Array.isArray(list) ? list.map(String) : []);
  } catch {
    return new Set();
  }
}

function listOwned(annotations: Record<string, string>, name: string, owned: Set<string>): void {
  if (owned.size === 0) Reflect.deleteProperty(annotations, name);
  else annotations[name] = JSON.stringify([...owned].sort());
}

function same(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
