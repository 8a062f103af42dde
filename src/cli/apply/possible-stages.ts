import { UserError } from "../../errors";
import type { SavedPlan } from "../plan/make-plan";
import type { Stage } from "../plan/stages";
import type { StagedRun } from "./run-stages";

/** Of the only control plane nothing can be asked that its machine's end would wait for. */
export function needsNodes({ stages }: SavedPlan): boolean {
  return stages.some((stage) => !stage.isFree && !stage.isAlone);
}

/**
 * The stages that can be applied now: all, or those that touch no node where none can be worked on.
 * @throws UserError with the reason when there are none
 */
export async function possibleStages({
  plan,
  work,
  say,
}: Pick<StagedRun, "plan" | "work" | "say">) {
  const isFree = ({ isFree }: Stage) => isFree;
  const obstacle = needsNodes(plan) ? await work.obstacle() : undefined;
  if (obstacle === undefined) return { stages: plan.stages, obstacle };
  const stages = plan.stages.filter(isFree);
  if (stages.length === 0) throw new UserError(obstacle);
  const nodes = plan.stages.filter((stage) => !isFree(stage)).flatMap((stage) => stage.nodes);
  say(
    `\n${obstacle}\n\nUntil then, ${nodes.join(", ")} ${nodes.length === 1 ? "stays as it is" : "stay as they are"}; the rest can be applied.`,
  );
  return { stages, obstacle };
}
