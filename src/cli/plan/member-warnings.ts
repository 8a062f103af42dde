import { counted } from "../../view/messages";
import { isControlPlane } from "../cluster/node-order";
import { nodeWorks, type Stage, type StagedPlan } from "./stages";
import type { PlanWarning } from "./warnings";

/** What fewer members of etcd, or an even number of them, survive. */
export function memberWarnings(
  { changes, hasEtcd, nodes }: StagedPlan,
  facts: { readonly restartedBy: readonly string[] },
): PlanWarning[] {
  if (!hasEtcd) return [];
  const works = nodeWorks({ changes, nodes }, facts);
  const before = nodes.filter(isControlPlane).length;
  const after = new Set(nodes.filter(isControlPlane));
  for (const [node, work] of works) {
    if (!isControlPlane(node)) continue;
    if (work === "add") after.add(node);
    if (work === "remove") after.delete(node);
  }
  const left = after.size;
  // More members of an even number are warned of when the input is read.
  if (left >= before || (left > 1 && left % 2 === 1)) return [];
  const detail =
    left === 1
      ? "the loss of its machine loses the cluster"
      : `${left} survive no more losses than ${left - 1}`;
  return [
    {
      severity: "warning",
      summary: `etcd will have ${counted(left, "member")} instead of ${before}`,
      detail,
    },
  ];
}

/** Restarts, one after the other, lose nothing, and leave two of three members at work. */
export function gatedRestarts(
  warnings: readonly PlanWarning[],
  stages: readonly Stage[],
  nodes: readonly string[],
): PlanWarning[] {
  const members = nodes.filter(isControlPlane).length;
  const isGated = ({ node }: PlanWarning) =>
    node !== undefined &&
    (members >= 3 || !isControlPlane(node)) &&
    stages.some(({ kind, nodes: own }) => kind === "resize" && own[0] === node);
  return warnings.map((warning) =>
    isGated(warning) ? { ...warning, isGated: true as const } : warning,
  );
}
