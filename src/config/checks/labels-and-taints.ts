import {
  type NodeSpec,
  type Role,
  type Taint,
  type TaintEffect,
  taintEffects,
} from "../../../constructs/model/cluster-spec";
import { targetsOf } from "../../../constructs/model/node-targets";
import type { InputPath, Report } from "../../../constructs/model/report";
import { nearest } from "../../../constructs/model/suggestion";
import { keyProblem, ownLabelProblem, valueProblem } from "./kubernetes-names";
import { checkNodeTarget, type NodeGroups } from "./node-targets";

/** By key; a taint's value is "value:Effect" or "Effect". */
type Texts = Readonly<Record<string, string>>;
/** By role, pool or node. */
type ByTarget = Readonly<Record<string, Texts>>;

/** @param role Of the nodes that have them: Talos sets a control plane's with more rights */
export function checkLabels(given: Texts, role: Role, path: InputPath, report: Report): void {
  for (const [key, value] of Object.entries(given)) {
    const problem = keyProblem(key) ?? ownLabelProblem(key, role) ?? valueProblem(value);
    if (problem !== undefined) report.error([...path, key], problem);
  }
}

export function checkTaints(given: Texts, path: InputPath, report: Report): void {
  for (const [key, text] of Object.entries(given)) {
    const problem = keyProblem(key) ?? taintProblem(key, text);
    if (problem !== undefined) report.error([...path, key], problem);
  }
}

/** Checks `node_labels` and `node_taints`. @param groups Undefined while they are not known */
export function checkMarks(
  { labels = {}, taints = {} }: Marks,
  groups: NodeGroups | undefined,
  report: Report,
): void {
  for (const [target, given] of Object.entries(labels)) {
    const path = ["node_labels", target];
    if (!checkNodeTarget(target, groups, path, report)) continue;
    checkLabels(given, roleOf(target), path, report);
  }
  for (const [target, given] of Object.entries(taints)) {
    const path = ["node_taints", target];
    if (checkNodeTarget(target, groups, path, report)) checkTaints(given, path, report);
  }
}

export interface Marks {
  readonly labels?: ByTarget | undefined;
  readonly taints?: ByTarget | undefined;
}

function roleOf(target: string): Role {
  return target === "control_planes" || target.startsWith("control-plane-")
    ? "controlplane"
    : "worker";
}

/** A node with what its role, its pool and itself have; the narrower one wins. Only without an error. */
export function marked(
  node: NodeSpec,
  { labels = {}, taints = {} }: Marks,
  ofPool: { readonly labels?: Texts | undefined; readonly taints?: Texts | undefined } = {},
): NodeSpec {
  const [ofRole = "", ...narrower] = targetsOf(node);
  const all = (own: ByTarget, pool: Texts = {}): Texts =>
    Object.assign({}, own[ofRole], pool, ...narrower.map((target) => own[target])) as Texts;
  return {
    ...node,
    ...labelsAndTaints(all(labels, ofPool.labels), all(taints, ofPool.taints)),
  };
}

function labelsAndTaints(labels: Texts, taints: Texts): Pick<NodeSpec, "labels" | "taints"> {
  const sorted = (record: Texts) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...(Object.keys(labels).length === 0 ? {} : { labels: Object.fromEntries(sorted(labels)) }),
    ...(Object.keys(taints).length === 0
      ? {}
      : {
          taints: sorted(taints).flatMap(([key, text]): Taint[] => {
            const { value, effect } = parts(text);
            return isEffect(effect) ? [{ key, ...(value ? { value } : {}), effect }] : [];
          }),
        }),
  };
}

function taintProblem(key: string, text: string): string | undefined {
  const { value = "", effect } = parts(text);
  if (!isEffect(effect)) {
    return `Expected "value:Effect" or "Effect", with an effect of ${taintEffects.join(", ")}.${nearest(effect, taintEffects)}`;
  }
  if (key.startsWith("node.kubernetes.io/")) {
    return "Kubernetes sets and removes this taint itself, by the node's state. Take a domain of your own.";
  }
  return valueProblem(value);
}

/** "gpu:NoSchedule" */
function parts(text: string): { readonly value?: string; readonly effect: string } {
  const colon = text.lastIndexOf(":");
  return colon < 0
    ? { effect: text }
    : { value: text.slice(0, colon), effect: text.slice(colon + 1) };
}

function isEffect(text: string): text is TaintEffect {
  return (taintEffects as readonly string[]).includes(text);
}
