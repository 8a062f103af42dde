import { Interrupted } from "../../errors";
import { printError } from "../../view/output";
import { beforeEnd } from "../cluster/before-end";
import { exitStatus } from "../exit-status";
import { ImageStepFailed } from "./apply";

/**
 * Runs a command that goes on where it was interrupted: an interruption, or a step that has failed, is
 * reported with the command to type.
 * @param command "image create"
 * @returns the exit status
 */
export async function resumable(command: string, run: () => Promise<number>): Promise<number> {
  const line = `\n\n  ./openaether ${command}`;
  const interrupted = `\nInterrupted. To go on:${line}`;
  const forget = beforeEnd(() => {
    printError(interrupted);
  });
  try {
    return await run();
  } catch (error) {
    const isFailure = error instanceof ImageStepFailed && !error.isInterrupted;
    if (isFailure) {
      printError(`\n${error.message}\n\nTo go on once that is solved:${line}`);
      return exitStatus.failed;
    }
    if (!(error instanceof ImageStepFailed || error instanceof Interrupted)) throw error;
    printError(interrupted);
    return exitStatus.interrupted;
  } finally {
    forget();
  }
}
