import { resolve } from "node:path";
import { explain } from "../../view/messages";
import { StepFailure } from "../../view/steps";
import { Rehearsal, type RehearsalOptions } from "./rehearsal";
import { Summary } from "./summary";
import { Workspace } from "./workspace";
import { write } from "../../view/output";

/** The exit status of a program that Ctrl-C ended. */
const interruptedStatus = 130;

/**
 * A deployment from the input to an empty cloud, on a simulated cloud, in a directory of its own.
 * @returns the exit status: 0 when everything succeeded, 1 when anything failed, 130 after Ctrl-C
 * @throws UserError and the input's problems, before anything is created
 */
export async function rehearse(options: RehearsalOptions): Promise<number> {
  if (options.summary === undefined) return rehearseIn(new Workspace(options), options, undefined);
  const summary = new Summary(resolve(options.directory, options.summary));
  try {
    return await rehearseIn(new Workspace(options), options, summary);
  } catch (error) {
    summary.refused(explain(error) ?? "A defect: the log has its stack.");
    throw error;
  }
}

async function rehearseIn(
  workplace: Workspace,
  options: RehearsalOptions,
  summary: Summary | undefined,
): Promise<number> {
  const rehearsal = new Rehearsal(options, workplace);
  const interrupt = () => {
    rehearsal.interrupt();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    await rehearsal.run();
    summary?.ended(rehearsal);
    return 0;
  } catch (error) {
    if (rehearsal.isInterrupted) {
      write(options.out, "\nInterrupted. Nothing is left of the rehearsal.\n");
      return interruptedStatus;
    }
    if (!(error instanceof StepFailure)) throw error;
    if (error.detail !== "") write(options.out, `\n${error.detail}\n`);
    summary?.ended(rehearsal, error.detail);
    return 1;
  } finally {
    await rehearsal.end();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    await workplace.remove();
  }
}
