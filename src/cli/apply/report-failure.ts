import { UserError } from "../../errors";
import { applyErrorText } from "../../tofu/state-errors";
import { isStateLocked } from "../../tofu/process";
import type { Cluster } from "../cluster/cluster";
import { exitStatus } from "../exit-status";
import type { ApplyResult } from "./apply";
import { Configuration } from "../recovery/configuration";
import { leftBehind } from "../recovery/left-behind";
import { howToUnlock } from "../cluster/state-lock";
import { StateView } from "../recovery/state-view";
import { printError, printJson } from "../../view/output";

interface FailedCommand {
  /** The command that resumes. */
  readonly command: "up" | "down";
  readonly json: boolean;
}

/**
 * Prints why an apply failed, what exists, and how to resume.
 * @returns the exit status
 */
export async function reportFailure(
  cluster: Cluster,
  { code, errors, isInterrupted }: ApplyResult,
  { command, json }: FailedCommand,
): Promise<number> {
  const status = isInterrupted ? exitStatus.interrupted : exitStatus.failed;
  const why =
    code === null && !isInterrupted
      ? "tofu was killed."
      : isInterrupted
        ? ""
        : applyErrorText(errors);
  if (json) {
    const reported = { done: false, interrupted: isInterrupted, errors: why === "" ? [] : errors };
    printJson(reported);
    return status;
  }
  const lines = [
    isInterrupted ? "Interrupted." : why,
    ...(isStateLocked(why) ? [howToUnlock(cluster, why)] : []),
    ...(await whatExists(cluster, { command, why })),
  ];
  printError(`\n${lines.join("\n\n")}`);
  return status;
}

/**
 * How many resources exist, the line that goes on, and what is not known.
 * @param said What is printed before
 */
async function whatExists(
  cluster: Cluster,
  { command, why: said }: { readonly command: string; readonly why: string },
): Promise<string[]> {
  const goOn = `  ./openaether ${command}`;
  try {
    const configuration = Configuration.of(cluster);
    const { made, underWay, destroyed } = await leftBehind(cluster);
    const existing = (await StateView.of(cluster)).count;
    return [
      `${existing + made.length - destroyed.length} resources exist and are known. To go on:`,
      goOn,
      ...(underWay.length === 0 ? [] : [lookedUp(underWay, configuration)]),
    ];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [
      ...(said.includes(error.message) ? [] : [`The state cannot be read. ${error.message}`]),
      "What this run has changed is in its journal, in this directory. To go on once the state can be read:",
      goOn,
    ];
  }
}

function lookedUp(underWay: readonly string[], configuration: Configuration): string {
  const rows = underWay.map((address) =>
    [address, configuration.nameOf(address) ?? ""].filter((text) => text !== "").join("  "),
  );
  return (
    "It is not known whether these were created. That command looks for them before it creates any:\n\n" +
    rows.map((row) => `  ${row}`).join("\n")
  );
}
