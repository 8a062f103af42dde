import { messageOf } from "../../tofu/events";
import { typeOf } from "../../tofu/show-json";
import { UserError } from "../../errors";
import type { Cluster } from "../cluster/cluster";
import type { Change } from "../plan/changes";
import { bootstrapAddress } from "../plan/etcd";
import { makePlan, type SavedPlan } from "../plan/make-plan";
import { checkConfiguration } from "../plan/seal";
import { type Open } from "../recovery/recovery";
import { chooseCandidates, openQuestions, resumeInterrupted } from "../recovery/resume";
import { StateView } from "../recovery/state-view";
import { apply, type ApplyResult } from "./apply";
import { busyErrors } from "./busy-errors";
import { Progress } from "./progress";

export interface RoundOptions {
  /** --yes: nothing is asked. */
  readonly yes: boolean;
  readonly json: boolean;
}

type Say = (text: string) => void;

/** Maximum number of further applies of one plan: each imports what the one before was refused, or repeats it. */
const mostRounds = 3;

/**
 * Applies a plan, and what is left of it after an import of what exists already.
 * @param args More arguments of tofu for the plans of what is left: "-exclude=…".
 */
export async function applyInRounds(
  cluster: Cluster,
  plan: SavedPlan,
  args: readonly string[],
  options: RoundOptions,
  say: Say,
): Promise<ApplyResult> {
  let result = await applyPlan(cluster, plan, options.json);
  for (let round = 0; result.code !== 0 && !result.isInterrupted && round < mostRounds; round++) {
    const { busy, others } = busyErrors(cluster, result);
    const [first] = busy;
    if (!(await importExisting(cluster, result, options, say))) {
      // Of something that is replaced: its deletion goes on in the cloud.
      if (first === undefined || others > 0) break;
      say(`\nNot yet: ${messageOf(first)}\nTrying again.\n`);
    }
    const rest = await makePlan(cluster, { args, say });
    checkConfiguration(plan, rest);
    checkConsent(plan, rest);
    result = await applyPlan(cluster, rest, options.json);
  }
  return result;
}

/**
 * Nothing is created before it is known whether it exists already: a duplicate would be billed.
 * @throws UserError with what the user has to decide, and the commands to paste
 */
export async function refuseOpen(
  cluster: Cluster,
  found: readonly Open[],
  { yes, json }: RoundOptions,
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
  options: RoundOptions,
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

/** Talos's refusal of a second bootstrap: the first has succeeded. */
function isEtcdBootstrapped({ errors }: ApplyResult): boolean {
  return errors.some(
    ({ source, detail = "" }) =>
      source === bootstrapAddress && /AlreadyExists|etcd data directory is not empty/.test(detail),
  );
}
