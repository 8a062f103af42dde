import type { ShowPlanOptions } from "../plan/show-plan";
import { type AddCommand, addCommand, examples, withClusterOptions } from "./command";

export const addPlan: AddCommand = (program, exit) => {
  withClusterOptions(
    addCommand(
      program,
      "plan",
      "Summarize what `up` would change (read-only). Exit code 2: changes pending.",
    ),
  )
    .option("--full", "every attribute, as tofu shows it", false)
    .option("--json", "JSON output", false)
    .option("--commands", "the lines of tofu, talosctl and kubectl that do the same by hand", false)
    .option("--no-lock", "without the lock of the state, for credentials that may only read it")
    .addHelpText("after", examples("plan", "plan --full | less", "plan --json", "plan --commands"))
    .action(async (options: ShowPlanOptions) => {
      exit(await (await import("../plan/show-plan.js")).showPlan(options));
    });
};
