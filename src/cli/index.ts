import { Command, CommanderError } from "commander";
import { explain } from "../messages";
import { rehearseCommand } from "./rehearse/command";

async function main(): Promise<number> {
  const program = new Command("openaether")
    .description("A private Kubernetes management cluster on Talos Linux, on a European cloud.")
    .showSuggestionAfterError()
    .exitOverride();
  let status = 0;
  program.addCommand(
    rehearseCommand((code) => {
      status = code;
    }),
  );
  try {
    await program.parseAsync();
  } catch (error) {
    // Commander has printed its message already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    throw error;
  }
  return status;
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(explain(error) ?? error);
    process.exitCode = 1;
  },
);
