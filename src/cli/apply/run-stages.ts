import { UserError } from "../../errors";
import type { Cluster } from "../cluster/cluster";
import type { MachineWork, NodeStep, Work } from "../nodes/machine-work";
import { makePlan, type SavedPlan } from "../plan/make-plan";
import { checkConfiguration, checkSeal } from "../plan/seal";
import { nodeWorks, type Stage, type StageKind, stageTitle } from "../plan/stages";
import type { ApplyResult } from "./apply";
import { applyInRounds, checkConsent, type RoundOptions } from "./rounds";

export interface StagedRun {
  /** The whole plan, as it was shown and agreed to. */
  readonly plan: SavedPlan;
  /** Those of its stages that are applied now. */
  readonly stages: readonly Stage[];
  /** Addresses of machines to replace that nothing else changes: --replace. */
  readonly replaced: readonly string[];
  /** Arguments of every plan of it: what this run leaves as it is, "-exclude=…". */
  readonly excluded: readonly string[];
  readonly work: MachineWork;
  readonly options: RoundOptions;
  readonly say: (text: string) => void;
}

const workOf: Readonly<Partial<Record<StageKind, Work>>> = {
  "add-control-plane": "add",
  "add-workers": "add",
  replace: "replace",
  resize: "resize",
  remove: "remove",
};

/**
 * Applies a plan stage by stage, each with a plan of its own that holds back what the later ones
 * change, and the work in the cluster before and after it.
 * @returns the result of the last apply: of the first that failed or was interrupted, or of the last stage
 * @throws UserError when a plan has more in it than was agreed to, or a node cannot be worked on
 */
export async function runStages(cluster: Cluster, run: StagedRun): Promise<ApplyResult> {
  const { plan, stages, work } = run;
  checkSeal(cluster, plan);
  let result: ApplyResult | undefined;
  const done = new Set<Stage>();
  let isConverged = false;
  // Not two control planes at once: the one that is out is finished first.
  const isMidway = await work.isMidway();
  for (const stage of stages) {
    // New nodes come with the wanted versions: a kubelet may not be newer than an API server.
    if (!isConverged && !isMidway && !isOfCloud(stage)) {
      await work.converge();
      isConverged = true;
    }
    const later = plan.stages.filter((one) => one !== stage && !done.has(one));
    result = await runStage(cluster, run, stage, later);
    if (!isGoneOnAfter(result)) return result;
    done.add(stage);
  }
  // Where no node can be worked on, only some of the stages are applied.
  if (!isConverged && stages.length === plan.stages.length) await work.converge();
  if (result === undefined) throw new UserError("There is nothing to apply.");
  return result;
}

/** tofu ends well where Ctrl-C found nothing left to do: the run has more to do, and must stop. */
export function isGoneOnAfter({ code, isInterrupted }: ApplyResult): boolean {
  return code === 0 && !isInterrupted;
}

function isOfCloud({ kind }: Stage): boolean {
  return kind === "cloud" || kind === "all";
}

async function runStage(
  cluster: Cluster,
  { plan, stages, replaced, excluded, work, options, say }: StagedRun,
  stage: Stage,
  later: readonly Stage[],
): Promise<ApplyResult> {
  const step = stepOf(stage);
  if (stages.length > 1 || later.length > 0) {
    say(`${stageTitle(stage)} (${stages.indexOf(stage) + 1} of ${stages.length})`);
  }
  const ofLater = later.flatMap(({ addresses }) => addresses);
  const held = [...excluded, ...ofLater.map((address) => `-exclude=${address}`)];
  const replace = replaced.filter((address) => stage.addresses.includes(address));
  // The plan that was shown is the plan of this stage where nothing else is left to do.
  const isWhole = later.length === 0 && plan.stages.length === 1;
  const own = isWhole
    ? plan
    : await makePlan(cluster, {
        args: [...held, ...replace.map((address) => `-replace=${address}`)],
        say,
      });
  if (!isWhole) {
    checkConfiguration(plan, own);
    checkConsent(plan, own);
    checkNodes(cluster, stage, own);
  }
  // After its plan, so that little time passes between them: what is taken out is in no cluster.
  if (stage.kind === "detach") await work.gate();
  if (step !== undefined) await work.before(step);
  const result = await applyInRounds(cluster, own, held, options, say);
  if (isGoneOnAfter(result) && step !== undefined) await work.after(step);
  return result;
}

function stepOf({ kind, nodes, isAlone }: Stage): NodeStep | undefined {
  const work = workOf[kind];
  return work === undefined ? undefined : { work, nodes, isAlone };
}

/**
 * What consent was given to may have been interrupted or changed by others since.
 * @throws UserError when a stage would interrupt another node than its own
 */
function checkNodes(cluster: Cluster, { nodes, kind }: Stage, plan: SavedPlan): void {
  if (kind === "all") return;
  const others = [...nodeWorks(plan, cluster.cloud)]
    .filter(([node, work]) => work !== "add" && !nodes.includes(node))
    .map(([node, work]) => `${work} ${node}`);
  if (others.length === 0) return;
  throw new UserError(
    `Not applied, because it is no part of this stage: ${others.join(", ")}. Run the same command again.`,
  );
}
