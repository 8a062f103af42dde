import { homedir } from "node:os";
import { resolve } from "node:path";
import { exitStatus } from "../cluster/exit-status";
import { init } from "./init";
import { givenBy, type InitOptions } from "./options";
import { personAtTerminal } from "./terminal";
import { print } from "../../output";

/** `openaether init`. @returns the exit status. @throws what `init` throws */
export async function initHere(options: InitOptions): Promise<number> {
  const { dir } = options;
  const words = await init({
    folder: resolve(dir ?? "."),
    dir,
    home: process.env["HOME"] ?? homedir(),
    workingFolder: process.cwd(),
    given: givenBy(options),
    person: await personAtTerminal(),
  });
  print(words);
  return exitStatus.done;
}
