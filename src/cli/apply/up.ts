import { join } from "node:path";
import { nearest } from "../../../constructs/model/suggestion";
import { noSuchNode, UserError } from "../../errors";
import { warnings } from "../../view/messages";
import { checkDiskSpace } from "../../tofu/disk-space";
import { TofuFailure, wordsOf } from "../../tofu/process";
import { isUnsaved } from "../../tofu/state-errors";
import { titleOf } from "../../object-store/bucket";
import { type ReadState, stateFileName } from "../../tofu/state-file";
import { immutableSettingsAddress } from "../../stack/addresses";
import { Cluster, type ClusterOptions } from "../cluster/cluster";
import { keptDirectory } from "../cluster/kept-directory";
import { refuseUnfinishedRestore } from "../cluster/restore-mark";
import { confirm, type Consent } from "../plan/confirm";
import {
  beginCreatingSecrets,
  endCreatingSecrets,
  repairTruncatedState,
} from "../cluster/truncated-state";
import { checkCredentials } from "../cluster/credentials";
import { bootstrapAddress, wasBootstrapStarted } from "../plan/etcd";
import { exitStatus } from "../exit-status";
import { insideOf } from "../plan/inside";
import { makePlan, type SavedPlan } from "../plan/make-plan";
import { initialize } from "../cluster/preparation";
import { consentWords, type PlanWarning } from "../plan/warnings";
import { noWork } from "../nodes/machine-work";
import { askNodes } from "../nodes/ask";
import { machineWork } from "../nodes/node-work";
import { explained } from "../nodes/repeated";
import { summarizePlan } from "../plan/summary";
import { needsNodes, possibleStages } from "./possible-stages";
import { refuseOpen } from "./rounds";
import { changeInside, isWorkInside, refuseInside, refuseSilent } from "./inside";
import { isGoneOnAfter, type StagedRun, runStages } from "./run-stages";
import { waitForApi } from "./wait-for-api";
import { closeJournal } from "../recovery/left-behind";
import type { Part } from "../../../constructs/model/recovery";
import { Configuration } from "../recovery/configuration";
import { deleteLeftParts, shownPart } from "../recovery/left-parts";
import { waitForTofu } from "./running-tofu";
import { SharedRun } from "./shared-run";
import { reportFailure } from "./report-failure";
import { refuseHeldLock, releaseOwnLock } from "../cluster/held-lock";
import { withLockExplained } from "../cluster/state-lock";
import { adoptAnswers, resumeInterrupted } from "../recovery/resume";
import { print, printJson } from "../../view/output";

export interface UpOptions extends ClusterOptions, Consent {
  /** Nodes to replace, by name. */
  readonly replace: readonly string[];
  /** Found in the cloud's console: "<address>=<id>". */
  readonly adopt: readonly string[];
  readonly json: boolean;
  /** A run was killed elsewhere, and is recovered from here. */
  readonly takeOver: boolean;
  /** --gate: the user's own check after each running node that was changed. @default - none */
  readonly gate?: string;
  /** --drain-timeout: in milliseconds, for each node. */
  readonly drainTimeout: number;
  /** The part of a restore that this run is: it alone runs while one has not ended. @default - none */
  readonly restore?: "before etcd" | "after etcd";
}

/** Created and saved before any billed resource: they can be neither imported nor created again. */
const secretAddresses = [
  "talos_machine_secrets.talos_config",
  "tls_private_key.bastion_boot",
  immutableSettingsAddress,
];
/**
 * From the input to a running cluster: synth, init, plan, consent, apply, and recovery from an
 * interrupted run. A second run resumes where the first stopped.
 * @returns the exit status
 * @throws the input's problems; UserError
 */
export async function up(options: UpOptions): Promise<number> {
  const say = (text: string) => {
    if (!options.json) print(text);
  };
  const cluster = await Cluster.synthesize(options, say);
  if (options.restore === undefined) refuseUnfinishedRestore(cluster);
  const replaced = options.replace.map((node) => cluster.serverAddress(node));
  const { synthesized } = cluster;
  const notes = warnings(synthesized.warnings, synthesized.input);
  if (notes !== "") say(`${notes}\n`);
  const shared = new SharedRun(cluster, { command: "up", say, kept: keptDirectory(synthesized) });
  return withLockExplained(cluster, () =>
    createOrUpdate(cluster, options, { replaced, shared, say }),
  );
}

type Say = (text: string) => void;

async function createOrUpdate(
  cluster: Cluster,
  options: UpOptions,
  { replaced, shared, say }: Pick<Run, "replaced" | "shared" | "say">,
): Promise<number> {
  checkCredentials(cluster);
  await waitForTofu(cluster, say);
  checkDiskSpace([cluster.home, cluster.stackDirectory]);
  repairTruncatedState(cluster, say);
  await initialize(cluster);
  await shared.begin(options.takeOver);
  await releaseOwnLock(cluster, say);
  await refuseHeldLock(cluster);
  await adoptAnswers(cluster, options.adopt, say);
  await refuseOpen(cluster, await resumeInterrupted(cluster, say), options, say);
  const state = await createSecretsFirst(cluster, say);

  // The nodes answer while tofu reads the cloud.
  const asked = askNodes(cluster, () => Promise.resolve(state));
  // A restore lets etcd begin with its data.
  const excluded = options.restore === "before etcd" ? [`-exclude=${bootstrapAddress}`] : [];
  const plan = await makePlan(cluster, {
    args: [...excluded, ...replaced.map((address) => `-replace=${address}`)],
    say,
  });
  const nodes = [...cluster.addresses.keys(), ...plan.changes.flatMap(({ node }) => node ?? [])];
  const message = [...nodes, ...consentWords];
  for (const name of options.allow) {
    if (!message.includes(name)) say(`${unknownNode(name, nodes)}\n`);
  }
  const inside = insideOf(plan.wanted, await asked);
  say(summarizePlan({ title: cluster.title, ...plan, inside }));
  refuseInside(inside);
  const worked = plan.stages.flatMap((stage) => stage.nodes);
  const work = plan.hasEtcd
    ? machineWork(cluster, {
        state: () => cluster.readState(),
        existing: plan.nodes,
        worked,
        converge: async (running) => {
          await changeInside(cluster, { plan, inside, running }, { ...options, say });
        },
        drainTimeout: options.drainTimeout,
        say,
      })
    : noWork;
  try {
    if (plan.changes.length > 0 || isWorkInside(inside)) {
      const status = await applyStages(cluster, {
        plan,
        replaced,
        excluded,
        shared,
        work,
        options,
        say,
      });
      if (status === exitStatus.done) refuseSilent(inside, worked);
      return status;
    }
    closeJournal(cluster);
    await work.settle();
    const left = await deleteLeftParts(cluster, say);
    await shared.applied(plan);
    refuseSilent(inside, worked);
    return endOf(left, options);
  } catch (problem) {
    await shared.failed(plan);
    throw explained(problem);
  } finally {
    await work.close();
  }
}

type Run = Omit<StagedRun, "stages" | "options"> & {
  readonly options: UpOptions;
  readonly shared: SharedRun;
};

/** Asks for consent and applies. @returns the exit status */
async function applyStages(cluster: Cluster, run: Run): Promise<number> {
  const { plan, options, shared, work, say } = run;
  const { stages, obstacle } = await possibleStages(run);
  const nodes = stages.flatMap((stage) => stage.nodes);
  const isLeft = ({ node }: PlanWarning) =>
    obstacle !== undefined && node !== undefined && !nodes.includes(node);
  const warnings = plan.warnings.filter((warning) => !isLeft(warning));
  const isStaged = stages.some(({ kind }) => kind !== "all");
  if (isBootstrapRepeated(cluster, plan)) say(`\n${aboutBootstrap(cluster)}`);
  if (!(await confirm("Continue?", warnings, { ...options, isStaged }))) {
    say("Nothing was changed in the cloud.");
    return exitStatus.failed;
  }
  say("");
  await shared.changes(plan);
  if (plan.changes.length === 0) {
    closeJournal(cluster);
    await work.settle();
    await work.converge();
    await shared.applied(plan);
    return endOf(await deleteLeftParts(cluster, say), options);
  }
  if (obstacle === undefined && needsNodes(plan)) await work.settle();
  const result = await runStages(cluster, { ...run, stages });
  if (!isGoneOnAfter(result)) {
    const status = await reportFailure(cluster, result, { ...options, command: "up" });
    if (result.code === null || isUnsaved(result.errors)) return status;
    // The bootstrap may have to wait for a tunnel: a left volume is billed meanwhile.
    if (!result.isInterrupted) await deleteLeftParts(cluster, say);
    await shared.failed(plan);
    return status;
  }
  const left = await deleteLeftParts(cluster, say);
  if (obstacle === undefined) await shared.applied(plan);
  else await shared.failed(plan);
  if (obstacle !== undefined) throw new UserError(obstacle);
  if (!options.json && options.restore !== "before etcd") say(await waitForApi(cluster));
  return endOf(left, options);
}

/** @param left What an interrupted deletion left, and what could not be deleted now. @returns the exit status */
function endOf(left: readonly Part[], { json }: UpOptions): number {
  if (json) printJson({ done: left.length === 0, left: left.map(shownPart) });
  return left.length === 0 ? exitStatus.done : exitStatus.failed;
}

/**
 * The cluster's keys and the bastion's host key, in an apply of their own, which is free.
 * @returns the state before it
 */
async function createSecretsFirst(cluster: Cluster, say: Say): Promise<ReadState> {
  const state = await cluster.readState();
  const existing = state.resources.map(({ address }) => address);
  const missing = secretAddresses.filter((address) => !existing.includes(address));
  if (missing.length === 0) {
    endCreatingSecrets(cluster);
    return state;
  }
  beginCreatingSecrets(cluster);
  const captured = await cluster.run(
    "apply",
    "-auto-approve",
    "-no-color",
    "-compact-warnings",
    `-var-file=${join(cluster.home, cluster.varFile)}`,
    ...missing.map((address) => `-target=${address}`),
  );
  if (captured.code !== 0) throw new TofuFailure(wordsOf(captured));
  endCreatingSecrets(cluster);
  const place = cluster.bucket === undefined ? stateFileName : titleOf(cluster.bucket);
  say(`The cluster's keys are created and saved in ${place}; nothing in the cloud yet.\n`);
  return state;
}

/** An interrupted run has started it, and it is not known whether it succeeded. */
function isBootstrapRepeated(cluster: Cluster, { changes }: SavedPlan): boolean {
  const isCreated = changes.some(
    ({ address, action }) => address === bootstrapAddress && action === "create",
  );
  return isCreated && wasBootstrapStarted(cluster);
}

/** Its provider repeats what Talos refuses until the timeout, without a sign. */
function aboutBootstrap(cluster: Cluster): string {
  const { create = "" } = Configuration.of(cluster).timeoutsOf(bootstrapAddress);
  return (
    "An earlier run has started etcd's bootstrap, and the state does not know whether it succeeded. If it did, " +
    `Talos refuses a second one: the provider repeats it for ${create}, then it is imported.`
  );
}

/** "gpu" of "gpu-0" */
function poolOf(node: string): string {
  return node.replace(/-\d+$/, "");
}

/**
 * Lets the same command line be repeated after an interrupted run when what it allowed is done: a
 * deleted node is then no mistake.
 * @throws UserError for an unknown node name
 */
function unknownNode(name: string, nodes: readonly string[]): string {
  const pools = ["control-plane", ...nodes.map(poolOf)];
  const pool = poolOf(name);
  // A pool may have been removed as a whole, but not one that is nearly called like another.
  const isTypo = !pools.includes(pool) && nearest(pool, pools) !== "";
  if (!/^[a-z][a-z0-9-]*-\d+$/.test(name) || isTypo) {
    throw noSuchNode(name, [...new Set(nodes)]);
  }
  return `--allow ${name}: there is no such node, or no longer. Nothing to allow.`;
}
