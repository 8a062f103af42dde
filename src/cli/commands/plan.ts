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
    .addHelpText("after", examples("plan", "plan --full | less", "plan --json"))
    .action(async (options: ShowPlanOptions) => {
      exit(await (await import("../plan/show-plan.js")).showPlan(options));
    });
};
