import { join } from "node:path";
import { Interrupts } from "../../tofu/interrupts";
import type { Diagnostic } from "../../../constructs/model/diagnostic";
import { errorText, type TofuEvent } from "../../tofu/events";
import { removeSecrets, runWithJournal } from "../../tofu/journal";
import type { Cluster } from "../cluster/cluster";
import { recordingLock } from "../cluster/held-lock";
import { rememberConfiguration } from "../recovery/configuration";
import { journalName } from "../cluster/truncated-state";
import { checkSeal } from "../plan/seal";
import type { SavedPlan } from "../plan/make-plan";
import { diagnosticsOf, errorsOf } from "./attribute-errors";
import { closeJournal } from "../recovery/left-behind";
import { forgetTofu, rememberTofu } from "./running-tofu";

export interface ApplyResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** tofu's errors, each with its address as its source. */
  readonly errors: readonly Diagnostic[];
  /** The providers' warnings. */
  readonly warnings: readonly Diagnostic[];
  readonly isInterrupted: boolean;
}

/**
 * `tofu apply` of a saved plan, with its journal. The first Ctrl-C lets tofu finish the changes in
 * progress and save its state; the second is tofu's immediate stop.
 * @throws UserError when the plan is not the one that was shown
 */
export async function apply(
  cluster: Cluster,
  plan: SavedPlan,
  onEvent: (event: TofuEvent) => void,
): Promise<ApplyResult> {
  const file = join(cluster.memory, journalName);
  checkSeal(cluster, plan);
  rememberConfiguration(cluster, plan);
  let processId: number | undefined;
  const interrupts = Interrupts.passedOnTo(() => processId);
  try {
    const args = ["apply", "-json", plan.file];
    const { code, events } = await recordingLock(
      cluster,
      args,
      () =>
        runWithJournal(cluster.tofu.path, [`-chdir=${cluster.stackDirectory}`, ...args], file, {
          environment: cluster.environment,
          onEvent,
          onStart: (id) => {
            processId = id;
            rememberTofu(cluster, id);
          },
        }),
      (ended) => errorText(errorsOf(ended.events)),
    );
    // A killed tofu leaves its providers running.
    if (code !== null) forgetTofu(cluster);
    removeSecrets(file);
    await plan.restore?.();
    // Everything is done and saved. A failure may have been to save it: the journal knows.
    if (code === 0) closeJournal(cluster);
    return {
      code,
      errors: errorsOf(events),
      warnings: diagnosticsOf(events, "warning"),
      isInterrupted: interrupts.happened,
    };
  } finally {
    interrupts.end();
  }
}
