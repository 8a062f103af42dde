import { errorText } from "../../tofu/events";
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
    code === null && !isInterrupted ? "tofu was killed." : isInterrupted ? "" : errorText(errors);
  if (json) {
    const reported = { done: false, interrupted: isInterrupted, errors: why === "" ? [] : errors };
    printJson(reported);
    return status;
  }
  const configuration = Configuration.of(cluster);
  const { made, underWay, destroyed } = await leftBehind(cluster);
  const existing = (await StateView.of(cluster)).count;
  const lines = [
    isInterrupted ? "Interrupted." : why,
    ...(isStateLocked(why) ? [howToUnlock(cluster, why)] : []),
    `${existing + made.length - destroyed.length} resources exist and are known. To go on:`,
    `  ./openaether ${command}`,
    ...(underWay.length === 0 ? [] : [lookedUp(underWay, configuration)]),
  ];
  printError(`\n${lines.join("\n\n")}`);
  return status;
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
