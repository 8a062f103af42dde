import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OpenedBackup, readBackup } from "../../backup/archive";
import { decrypterFor } from "../../backup/keys";
import { beforeEnd } from "../cluster/before-end";
import type { Prompter } from "../terminal/prompter";
import { openerFor, type OpenerOptions } from "./keys";

export type OpenOptions = OpenerOptions;

/** A backup, and a directory for what is needed of it: this user's alone, deleted when this process ends. */
export interface BackupAtHand extends OpenedBackup {
  readonly scratch: string;
}

/**
 * Reads a backup whole.
 * @param prompter Undefined where there is no terminal
 * @throws UserError where it cannot be opened, is none, or is damaged
 */
export async function openBackup(
  file: string,
  options: OpenOptions,
  prompter: Prompter | undefined,
): Promise<BackupAtHand> {
  const decrypter = await decrypterFor(await openerFor(options, prompter));
  const scratch = mkdtempSync(join(tmpdir(), "openaether-backup-"));
  const remove = () => {
    rmSync(scratch, { recursive: true, force: true });
  };
  process.once("exit", remove);
  beforeEnd(remove);
  return { ...(await readBackup(file, decrypter, scratch)), scratch };
}
