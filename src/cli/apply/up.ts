import { join } from "node:path";
import { nearest } from "../../../constructs/model/suggestion";
import { noSuchNode, UserError } from "../../errors";
import { warnings } from "../../view/messages";
import { messageOf } from "../../tofu/events";
import { checkDiskSpace } from "../../tofu/disk-space";
import { TofuFailure, wordsOf } from "../../tofu/process";
import { immutableSettingsAddress } from "../../stack/addresses";
import { typeOf } from "../../tofu/show-json";
import { readStateFile } from "../../tofu/state-file";
import { Cluster, type ClusterOptions } from "../cluster/cluster";
import { confirm, type Consent } from "../plan/confirm";
import {
  beginCreatingSecrets,
  endCreatingSecrets,
  repairTruncatedState,
} from "../cluster/truncated-state";
import { checkCredentials } from "../cluster/credentials";
import { bootstrapAddress, wasBootstrapStarted } from "../plan/etcd";
import { exitStatus } from "../exit-status";
import { makePlan, type SavedPlan } from "../plan/make-plan";
import { initialize } from "../cluster/preparation";
import { consentWords } from "../plan/warnings";
import type { Change } from "../plan/changes";
import { summarizePlan } from "../plan/summary";
import { apply, type ApplyResult } from "./apply";
import { busyErrors } from "./busy-errors";
import { waitForApi } from "./wait-for-api";
import { Progress } from "./progress";
import { closeJournal } from "../recovery/left-behind";
import type { Part } from "../../../constructs/model/recovery";
import { Configuration } from "../recovery/configuration";
import { deleteLeftParts, shownPart } from "../recovery/left-parts";
import type { Open } from "../recovery/recovery";
import { waitForTofu } from "./running-tofu";
import { reportFailure } from "./report-failure";
import { withLockExplained } from "./state-lock";
import { StateView } from "../recovery/state-view";
import {
  chooseCandidates,
  openQuestions,
  adoptAnswers,
  resumeInterrupted,
} from "../recovery/resume";
import { print, printJson } from "../../view/output";

export interface UpOptions extends ClusterOptions, Consent {
  /** Nodes to replace, by name. */
  readonly replace: readonly string[];
  /** Found in the cloud's console: "<address>=<id>". */
  readonly adopt: readonly string[];
  readonly json: boolean;
}

/** Created and saved before any billed resource: they can be neither imported nor created again. */
const secretAddresses = [
  "talos_machine_secrets.talos_config",
  "tls_private_key.bastion_boot",
  immutableSettingsAddress,
];
/** Maximum number of further applies of one command: each imports what the one before was refused, or repeats it. */
const mostRounds = 3;

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
  const replaced = options.replace.map((node) => cluster.serverAddress(node));
  const { synthesized } = cluster;
  const notes = warnings(synthesized.warnings, synthesized.input);
  if (notes !== "") say(`${notes}\n`);
  return withLockExplained(cluster, () => createOrUpdate(cluster, options, replaced, say));
}

type Say = (text: string) => void;

async function createOrUpdate(
  cluster: Cluster,
  options: UpOptions,
  replaced: readonly string[],
  say: Say,
): Promise<number> {
  checkCredentials(cluster);
  await waitForTofu(cluster, say);
  checkDiskSpace([cluster.home, cluster.stackDirectory]);
  repairTruncatedState(cluster, say);
  await initialize(cluster);
  await adoptAnswers(cluster, options.adopt, say);
  await refuseOpen(cluster, await resumeInterrupted(cluster, say), options, say);
  await createSecretsFirst(cluster, say);

  const plan = await makePlan(cluster, {
    args: replaced.map((address) => `-replace=${address}`),
    say,
  });
  const nodes = [...cluster.addresses.keys(), ...plan.changes.flatMap(({ node }) => node ?? [])];
  const message = [...nodes, ...consentWords];
  for (const name of options.allow) {
    if (!message.includes(name)) say(`${unknownNode(name, nodes)}\n`);
  }
  say(summarizePlan({ title: cluster.title, ...plan }));
  if (plan.changes.length === 0) {
    closeJournal(cluster);
    return endOf(await deleteLeftParts(cluster, say), options);
  }
  if (isBootstrapRepeated(cluster, plan)) say(`\n${aboutBootstrap(cluster)}`);
  if (!(await confirm("Continue?", plan.warnings, options))) {
    say("Nothing was changed in the cloud.");
    return exitStatus.failed;
  }
  say("");
  let result = await applyPlan(cluster, plan, options.json);
  for (let round = 0; result.code !== 0 && !result.isInterrupted && round < mostRounds; round++) {
    const { busy, others } = busyErrors(cluster, result);
    const [first] = busy;
    if (!(await importExisting(cluster, result, options, say))) {
      // Of something that is replaced: its deletion goes on in the cloud.
      if (first === undefined || others > 0) break;
      say(`\nNot yet: ${messageOf(first)}\nTrying again.\n`);
    }
    const rest = await makePlan(cluster, { say });
    checkConsent(plan, rest);
    result = await applyPlan(cluster, rest, options.json);
  }
  if (result.code !== 0) {
    const status = await reportFailure(cluster, result, { ...options, command: "up" });
    // The bootstrap may have to wait for a tunnel: a left volume is billed meanwhile.
    if (result.code !== null && !result.isInterrupted) await deleteLeftParts(cluster, say);
    return status;
  }
  const left = await deleteLeftParts(cluster, say);
  if (!options.json) say(await waitForApi(cluster));
  return endOf(left, options);
}

/** @param left What an interrupted deletion left, and what could not be deleted now. @returns the exit status */
function endOf(left: readonly Part[], { json }: UpOptions): number {
  if (json) printJson({ done: left.length === 0, left: left.map(shownPart) });
  return left.length === 0 ? exitStatus.done : exitStatus.failed;
}

/**
 * Nothing is created before it is known whether it exists already: a duplicate would be billed.
 * @throws UserError with what the user has to decide, and the commands to paste
 */
async function refuseOpen(
  cluster: Cluster,
  found: readonly Open[],
  { yes, json }: UpOptions,
  say: Say,
): Promise<void> {
  const isAsked = !yes && !json && process.stdin.isTTY && process.stdout.isTTY;
  const open = isAsked ? await chooseCandidates(cluster, found, say) : found;
  if (open.length === 0) return;
  throw new UserError(
    `${openQuestions(cluster, open, "up")}\n\nNothing more is created until then.`,
  );
}

/**
 * Imports what an apply was refused because it exists already.
 * @returns whether there was anything
 */
async function importExisting(
  cluster: Cluster,
  result: ApplyResult,
  options: UpOptions,
  say: Say,
): Promise<boolean> {
  if (isEtcdBootstrapped(result)) {
    say(
      "\netcd was bootstrapped by an earlier run, and the state did not know it. It does now; going on.",
    );
    await cluster.must("import", "-no-color", bootstrapAddress, "machine_bootstrap");
    return true;
  }
  const { recovery } = cluster.cloud;
  const refused = result.errors.flatMap((error) => {
    const { source: address = "" } = error;
    const message = recovery[typeOf(address)]?.existsMessage;
    return message?.test(messageOf(error)) === true ? [address] : [];
  });
  if (refused.length === 0) return false;
  say(`\nThese exist already: ${refused.join(", ")}. Looking them up.\n`);
  await refuseOpen(cluster, await resumeInterrupted(cluster, say), options, say);
  const state = await StateView.of(cluster);
  return refused.some((address) => state.has(address));
}

/** The cluster's keys and the bastion's host key, in an apply of their own, which is free. */
async function createSecretsFirst(cluster: Cluster, say: Say): Promise<void> {
  const state =
    readStateFile(cluster.home)?.resources.map(({ address }) => address) ??
    (await cluster.run("state", "list")).output.split("\n");
  const missing = secretAddresses.filter((address) => !state.includes(address));
  if (missing.length === 0) {
    endCreatingSecrets(cluster);
    return;
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
  say("The cluster's keys are created and saved in cluster.tfstate; nothing in the cloud yet.\n");
}

async function applyPlan(cluster: Cluster, plan: SavedPlan, json: boolean): Promise<ApplyResult> {
  const progress = new Progress({ changes: plan.changes, out: process.stdout, json });
  try {
    return await apply(cluster, plan, (event) => {
      progress.take(event);
    });
  } finally {
    progress.end();
  }
}

/**
 * The rest of a plan after a failed apply: what it was to create may be updated or replaced.
 * @throws UserError when it changes anything else
 */
export function checkConsent(
  agreed: Pick<SavedPlan, "changes">,
  rest: Pick<SavedPlan, "changes">,
): void {
  const creates = ({ action }: Change) => action === "create" || action === "replace";
  const isNew = ({ address, action }: Change) =>
    !agreed.changes.some(
      (change) =>
        change.address === address &&
        (change.action === action || (creates(change) && action !== "destroy")),
    );
  const added = rest.changes.filter(isNew).map(({ address, action }) => `${action} ${address}`);
  if (added.length === 0) return;
  throw new UserError(
    `Not applied, because it was not in the plan that was shown: ${added.join(", ")}. Run the same ` +
      "command again.",
  );
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

/** Talos's refusal of a second bootstrap: the first has succeeded. */
function isEtcdBootstrapped({ errors }: ApplyResult): boolean {
  return errors.some(
    ({ source, detail = "" }) =>
      source === bootstrapAddress && /AlreadyExists|etcd data directory is not empty/.test(detail),
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
