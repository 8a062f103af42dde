import type { ExportOptions } from "../export/export";
import { type AddCommand, addCommand, examples, withClusterOptions } from "./command";

export const addExport: AddCommand = (program, exit) => {
  withClusterOptions(
    addCommand(
      program,
      "export",
      "Write the cluster as a module for a Terraform configuration of your own.",
    ),
  )
    .argument("<directory>", "the module's directory: a new one, or one that an export wrote")
    .addHelpText("after", examples("export ./modules/cluster"))
    .action(async (directory: string, options: ExportOptions) => {
      exit(await (await import("../export/export.js")).exportModule(directory, options));
    });
};
