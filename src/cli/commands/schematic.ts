import type { SchematicOptions } from "../schematic/schematic";
import { type AddCommand, addCommand, examples, withClusterOptions } from "./command";

export const addSchematic: AddCommand = (program, exit) => {
  withClusterOptions(
    addCommand(
      program,
      "schematic",
      "Print the schematic of the nodes' image, its id and where to get the image.",
    ),
  )
    .option("--json", "print it as JSON", false)
    .addHelpText("after", examples("schematic", "schematic --json | jq -r .image"))
    .action(async (options: SchematicOptions) => {
      exit(await (await import("../schematic/schematic.js")).printSchematic(options));
    });
};
