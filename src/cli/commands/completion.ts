import { Argument } from "commander";
import { write } from "../../view/output";
import { completion, type Shell, shells } from "../completion";
import { exitStatus } from "../exit-status";
import { type AddCommand, addCommand } from "./command";

export const addCompletion: AddCommand = (program, exit) => {
  addCommand(program, "completion", "Print a script by which your shell completes commands.")
    .addArgument(new Argument("<shell>", "bash, zsh or fish").choices(shells))
    .addHelpText(
      "after",
      '\nExamples:\n  eval "$(openaether completion bash)"\n  openaether completion fish | source',
    )
    .action((shell: Shell) => {
      write(process.stdout, completion(program, shell));
      exit(exitStatus.done);
    });
};
