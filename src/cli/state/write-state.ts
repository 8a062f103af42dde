import { copyFileSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../errors";
import { stateBackupName, type StateFile, stateFileName } from "../../tofu/state-file";
import { writeWhole } from "../../whole-file";
import { type Encryption, type Place, workspaceFor } from "./open-state";

/**
 * Writes a state into a file of this run, and reads it back.
 * @returns the file
 * @throws UserError when it cannot be written, or differs
 */
export async function writeState(
  place: Place,
  encryption: Encryption,
  text: string,
): Promise<string> {
  const file = join(place.scratch, stateFileName);
  if (encryption.settings?.encryption === "none") {
    writeWhole(file, text);
    return file;
  }
  // tofu keeps the mode of an existing file.
  writeWhole(file, "");
  const workspace = await workspaceFor(place, encryption, file);
  try {
    await workspace.push(text);
    if (isDeepStrictEqual(contentOf(await workspace.pull()), contentOf(text))) return file;
    throw new UserError(
      "The state that was written is not the one that was read. Nothing was changed.",
    );
  } finally {
    workspace.end();
  }
}

/**
 * Puts a file in the state's place.
 * @param before The state as it was read
 * @throws UserError when it has changed since
 */
export function replaceState(home: string, file: string, before: Buffer): void {
  const state = join(home, stateFileName);
  if (!readFileSync(state).equals(before)) {
    throw new UserError("The state has changed meanwhile. Nothing was changed. Run this again.");
  }
  if (file !== state) renameSync(file, state);
}

/**
 * Puts a copy of the state in the backup's place, which was of the former form. It is the last step:
 * its form says that all is done.
 */
export function replaceBackup(home: string): void {
  const backup = join(home, stateBackupName);
  copyFileSync(join(home, stateFileName), `${backup}.new`);
  renameSync(`${backup}.new`, backup);
}

/** Without what tofu counts, and without the results of checks, which have no order. */
function contentOf(text: string): object {
  const { lineage, outputs, resources } = JSON.parse(text) as StateFile & {
    readonly lineage?: string;
  };
  return { lineage, outputs, resources };
}
