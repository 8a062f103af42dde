import { errorText, messageOf } from "../../tofu/events";
import { checkDiskSpace } from "../../tofu/disk-space";
import { isUnsaved } from "../../tofu/state-errors";
import { Cluster, type ClusterOptions } from "../cluster/cluster";
import { isConfirmedByName } from "../plan/confirm";
import { repairTruncatedState } from "../cluster/truncated-state";
import { checkCredentials } from "../cluster/credentials";
import { exitStatus } from "../exit-status";
import { keyFiles } from "../cluster/key-files";
import { removeRestoreMark } from "../cluster/restore-mark";
import { Retries } from "../cluster/retry";
import { makePlan, type SavedPlan } from "../plan/make-plan";
import { initialize } from "../cluster/preparation";
import { summarizePlan } from "../plan/summary";
import { apply, type ApplyResult } from "./apply";
import { busyErrors } from "./busy-errors";
import { Progress } from "./progress";
import { closeJournal, forgetEarlierJournal } from "../recovery/left-behind";
import { deleteLeftParts, shownPart } from "../recovery/left-parts";
import { waitForTofu } from "./running-tofu";
import { SharedRun } from "./shared-run";
import { reportFailure } from "./report-failure";
import { refuseHeldLock, releaseOwnLock } from "../cluster/held-lock";
import { withLockExplained } from "../cluster/state-lock";
import type { Open } from "../recovery/recovery";
import { adoptAnswers, openQuestions, resumeInterrupted } from "../recovery/resume";
import { print, printJson } from "../../view/output";

export interface DownOptions extends ClusterOptions {
  /** The cluster's name, given as an option instead of typing it. */
  readonly name?: string;
  /** Found in the cloud's console: "<address>=<id>". */
  readonly adopt: readonly string[];
  /** A run was killed elsewhere, and is recovered from here. */
  readonly takeOver: boolean;
  readonly json: boolean;
}

/**
 * Destroys the cluster as it was last synthesized, even with an invalid tofu.tfvars.
 * @returns the exit status
 */
export async function down(options: DownOptions): Promise<number> {
  const say = (text: string) => {
    if (!options.json) print(text);
  };
  const cluster = await Cluster.synthesizedBefore(options, say);
  return withLockExplained(cluster, () => destroy(cluster, options, say));
}

async function destroy(
  cluster: Cluster,
  options: DownOptions,
  say: (text: string) => void,
): Promise<number> {
  checkCredentials(cluster);
  await waitForTofu(cluster, say);
  checkDiskSpace([cluster.home, cluster.stackDirectory]);
  repairTruncatedState(cluster, say);
  await initialize(cluster);
  const shared = new SharedRun(cluster, { command: "down", say });
  await shared.begin(options.takeOver);
  await releaseOwnLock(cluster, say);
  await refuseHeldLock(cluster);
  await adoptAnswers(cluster, options.adopt, say);
  const open = await resumeInterrupted(cluster, say);
  const plan = await makePlan(cluster, { isDestroy: true, say });
  const { cluster_name: name } = cluster.immutable;
  if (plan.changes.length === 0) {
    say(`${cluster.title}: no resources exist.`);
    closeJournal(cluster);
    // What the state may still list is gone in the cloud.
    return end(cluster, { open, rest: [], shared }, options, say);
  }
  say(summarizePlan({ title: cluster.title, ...plan, warnings: [] }));
  say(`\n  EVERYTHING of ${name} will be destroyed, its data and its keys with it.`);
  if (!(await isConfirmedByName("destroy", name, options.name))) {
    say("Nothing was changed.");
    return exitStatus.failed;
  }
  say("");
  await shared.changes(plan);
  const result = await destroyed(cluster, plan, options, say);
  if (result.warnings.length > 0) say(`\nWarning: ${errorText(result.warnings)}`);
  if (result.code !== 0) {
    const status = await reportFailure(cluster, result, { ...options, command: "down" });
    if (result.code !== null && !isUnsaved(result.errors)) await shared.failed(plan);
    return status;
  }
  const rest = (await cluster.run("state", "list")).output
    .split("\n")
    .filter((line) => line !== "");
  say(rest.length === 0 ? "\nThe state is empty." : `\nStill in the state:\n${rest.join("\n")}`);
  const status = await end(cluster, { open, rest, shared }, options, say);
  const secrets = keyFiles(cluster.home, cluster.stackDirectory).filter(
    (name) => name !== "cluster.tfstate",
  );
  if (secrets.length > 0) say(`Keys of the cluster are still in: ${secrets.join(", ")}`);
  return status;
}

/** What an interrupted run may have created, and the addresses that are still in the state. */
interface Remaining {
  readonly open: readonly Open[];
  readonly rest: readonly string[];
  readonly shared: SharedRun;
}

/**
 * Reports what is left.
 * @returns the exit status: done where nothing is left, and nothing may be
 */
async function end(
  cluster: Cluster,
  { open, rest, shared }: Remaining,
  { json }: DownOptions,
  say: (text: string) => void,
): Promise<number> {
  const left = await deleteLeftParts(cluster, say);
  if (open.length > 0) say(`\n${openQuestions(cluster, open, "down")}`);
  const isDone = left.length + rest.length + open.length === 0;
  if (isDone) {
    forgetEarlierJournal(cluster);
    removeRestoreMark(cluster);
    await shared.destroyed();
  }
  if (json) {
    printJson({
      done: isDone,
      state: rest,
      left: left.map(shownPart),
      open: open.map(({ address, id, candidates }) => ({
        address,
        ids: id === undefined ? candidates.map((one) => one.id) : [id],
      })),
    });
  }
  return isDone ? exitStatus.done : exitStatus.failed;
}

/**
 * Applies the plan, and retries the rest of it while the cloud reports something as temporarily in
 * use: an address that is still attached, a network whose last part is being deleted.
 */
async function destroyed(
  cluster: Cluster,
  agreed: SavedPlan,
  { json }: DownOptions,
  say: (text: string) => void,
): Promise<ApplyResult> {
  const patience = new Retries();
  for (let plan = agreed; ;) {
    const progress = new Progress({ changes: plan.changes, out: process.stdout, json });
    const result = await apply(cluster, plan, (event) => {
      progress.take(event);
    });
    progress.end();
    if (result.code === 0 || result.isInterrupted) return result;
    const { busy, others } = busyErrors(cluster, result);
    const [first] = busy;
    if (first === undefined || !patience.hasMore(plan.changes.length, others === 0)) return result;
    say(
      `\nNot yet: ${messageOf(first)}\nTrying again in ${Math.round(patience.pause / 1000)} s.\n`,
    );
    await patience.wait();
    plan = await makePlan(cluster, { isDestroy: true, say });
    if (plan.changes.length === 0) return { ...result, code: 0, errors: [] };
  }
}
