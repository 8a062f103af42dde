import { Command } from "commander";
import type { InitOption } from "../config/schema/declaration";
import { write } from "../view/output";
import { addAttach } from "./commands/attach";
import type { Exit } from "./commands/command";
import { addBackup } from "./commands/backup";
import { addCompletion } from "./commands/completion";
import { addKubeconfig, addTalosconfig } from "./commands/credentials";
import { addDoctor } from "./commands/doctor";
import { addDown } from "./commands/down";
import { addExplain } from "./commands/explain";
import { addExport } from "./commands/export";
import { addImage } from "./commands/image";
import { addInit } from "./commands/init";
import { addPlan } from "./commands/plan";
import { addProviders } from "./commands/providers";
import { addRehearse } from "./commands/rehearse";
import { addRestore } from "./commands/restore";
import { addSchematic } from "./commands/schematic";
import { addState } from "./commands/state";
import { addStatus } from "./commands/status";
import { addTunnel } from "./commands/tunnel";
import { addUp } from "./commands/up";

/**
 * The whole command line.
 * @param initOptions The options of `init`, which need the declarations of the variables
 */
export function createProgram(exit: Exit, initOptions: readonly InitOption[]): Command {
  const program = new Command("openaether")
    .description("A private Kubernetes management cluster on Talos Linux, on a European cloud.")
    .option("--version", "print the versions of openaether, tofu and the providers")
    .showSuggestionAfterError()
    .showHelpAfterError("(openaether --help)")
    // Options behind a command are its own, also where the command above it has one of that name.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        write(process.stdout, text);
      },
      writeErr: (text) => {
        write(process.stderr, text);
      },
    });
  // In the order in which they are used.
  addInit(program, exit, initOptions);
  addImage(program, exit);
  addDoctor(program, exit);
  addPlan(program, exit);
  addExplain(program, exit);
  addUp(program, exit);
  addStatus(program, exit);
  addKubeconfig(program, exit);
  addTalosconfig(program, exit);
  addTunnel(program, exit);
  addDown(program, exit);
  addRehearse(program, exit);
  addExport(program, exit);
  addBackup(program, exit);
  addRestore(program, exit);
  addState(program, exit);
  addAttach(program, exit);
  addSchematic(program, exit);
  addProviders(program, exit);
  addCompletion(program, exit);
  return program;
}
