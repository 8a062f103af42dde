import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { shellWord } from "../../../constructs/shell-word";
import { UserError } from "../../errors";
import { writeWhole } from "../../whole-file";
import type { ClusterDirectory } from "./directory";

/**
 * What a restore has begun with. Old and restored data look alike from outside: a run that goes on must
 * know which nodes it has still to wipe.
 */
export interface RestoreMark {
  /** The id of the backup. */
  readonly backup: string;
  /** The file, as it was named. */
  readonly file: string;
  /** The command that began it or went on with it last, as it was typed. */
  readonly command: string;
  /** Boot ids of the control planes before they were wiped, by name. @default - a new cluster */
  readonly boots?: Readonly<Record<string, string>>;
  /** The control plane that etcd's data is sent to. @default - none yet */
  readonly recovered?: string;
}

const name = "restore.json";

/** @returns undefined where no restore has begun, or the last one has ended */
export function readRestoreMark(
  cluster: Pick<ClusterDirectory, "memory">,
): RestoreMark | undefined {
  const file = join(cluster.memory, name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as RestoreMark) : undefined;
}

export function writeRestoreMark(
  cluster: Pick<ClusterDirectory, "memory">,
  mark: Omit<RestoreMark, "command">,
): RestoreMark {
  const command = ["./openaether", ...process.argv.slice(2)].map(shellWord).join(" ");
  const written = { ...mark, command };
  writeWhole(join(cluster.memory, name), JSON.stringify(written));
  return written;
}

export function removeRestoreMark(cluster: Pick<ClusterDirectory, "memory">): void {
  rmSync(join(cluster.memory, name), { force: true });
}

/** An `up` would let etcd begin without the data. @throws UserError while a restore has not ended */
export function refuseUnfinishedRestore(cluster: ClusterDirectory): void {
  const mark = readRestoreMark(cluster);
  if (mark === undefined) return;
  throw new UserError(
    `A restore of ${mark.file} has begun here and has not ended: until then nothing else changes the ` +
      `cluster. Run the same command again:\n\n  ${mark.command}`,
  );
}
