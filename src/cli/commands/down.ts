import type { DownOptions } from "../apply/down";
import { type AddCommand, addCommand, collect, examples, withClusterOptions } from "./command";

export const addDown: AddCommand = (program, exit) => {
  withClusterOptions(
    addCommand(
      program,
      "down",
      "Destroy the cluster, as it was last synthesized. Asks for its name.",
    ),
  )
    .option("--name <name>", "confirm with the cluster's name, without being asked")
    .option(
      "--adopt <address=id>",
      "destroy, too, what an interrupted run created but did not save; <address>=none: it does not exist",
      collect,
      [],
    )
    .option(
      "--take-over",
      "recover here from a run that was killed elsewhere, whose directory is lost",
      false,
    )
    .option("--json", "progress as JSON, one object per line", false)
    .addHelpText("after", examples("down", "down --name prod"))
    .action(async (options: DownOptions) => {
      exit(await (await import("../apply/down.js")).down(options));
    });
};
