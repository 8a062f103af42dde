import { execFile } from "node:child_process";

export interface ProgramResult {
  /** Null when it was killed for taking too long. */
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** In milliseconds. None of the programs here uses the network. */
const patience = 5_000;

/** Runs a small program to completion. @returns undefined when there is no such program */
export function ask(
  program: string,
  args: readonly string[],
  options: { readonly environment: NodeJS.ProcessEnv; readonly directory?: string },
): Promise<ProgramResult | undefined> {
  return new Promise((resolve) => {
    execFile(
      program,
      args,
      { env: options.environment, cwd: options.directory, timeout: patience },
      (error, output, errors) => {
        const code = error === null ? 0 : error.code;
        if (code === "ENOENT") resolve(undefined);
        else resolve({ code: typeof code === "number" ? code : null, output, errors });
      },
    );
  });
}
