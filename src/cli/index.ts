#!/usr/bin/env node
import { inspect } from "node:util";
import { CommanderError } from "commander";
import type { InitOption } from "../config/schema/declaration";
import { exitStatus } from "./exit-status";
import { Interrupted } from "../errors";
import { ignoreClosedPipes, printError } from "../view/output";
import { createProgram } from "./program";

async function main(): Promise<number> {
  ignoreClosedPipes();
  // Every file that is written here contains keys, or leads to some.
  process.umask(0o077);
  if (process.argv[2] === "--version") return (await import("./version.js")).showVersion();
  let status: number = exitStatus.done;
  try {
    await createProgram(
      (code) => {
        status = code;
      },
      await initOptions(),
    ).parseAsync();
  } catch (error) {
    // Commander has printed its message already.
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitStatus.done : exitStatus.usage;
    }
    throw error;
  }
  return status;
}

/** They load the declarations of the variables, for which no other command's help should wait. */
async function initOptions(): Promise<readonly InitOption[]> {
  const isNeeded = process.argv.some((word) => word === "init" || word === "completion");
  return isNeeded ? (await import("./init/questions.js")).questions : [];
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  async (error: unknown) => {
    if (error instanceof Interrupted) {
      printError("Interrupted.");
      process.exitCode = exitStatus.interrupted;
      return;
    }
    const { explain } = await import("../view/messages.js");
    printError(explain(error) ?? inspect(error));
    process.exitCode = exitStatus.failed;
  },
);
