import { Command, Option } from "commander";
import { cloudProviders } from "../../../providers";
import { rehearse } from "./rehearsal";

/** `openaether rehearse`. @param exit Told the exit status. */
export function rehearseCommand(exit: (status: number) => void): Command {
  return new Command("rehearse")
    .description(
      "A whole deployment on a simulated cloud: the real tofu, no account, nothing real is touched.",
    )
    .option("--file <file>", "the input, in place of tofu.tfvars")
    .addOption(
      new Option(
        "--cloud <name>",
        "the cloud of the example, where there is no tofu.tfvars",
      ).choices(Object.keys(cloudProviders)),
    )
    .option("--keep", "leave it standing for a look around with tofu, until Ctrl-C")
    .option("--summary <file>", "also write what came of it, and the plan in words, as Markdown")
    .option("--timings", "also say how much of it was the simulator")
    .action(async (options: Options) => {
      exit(
        await rehearse({
          folder: process.cwd(),
          file: options.file,
          cloud: options.cloud,
          keep: options.keep ?? false,
          summary: options.summary,
          timings: options.timings ?? false,
          out: process.stdout,
        }),
      );
    });
}

interface Options {
  readonly file?: string;
  readonly cloud?: string;
  readonly keep?: boolean;
  readonly summary?: string;
  readonly timings?: boolean;
}
