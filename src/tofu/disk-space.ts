import { statfsSync } from "node:fs";
import { UserError } from "../errors";

/** In bytes: several times the state and the plan of the largest cluster that synth accepts. */
const needed = 64 * 2 ** 20;

/**
 * Before an apply: a state that cannot be saved needs a recovery.
 * @param directories What is written into
 * @param download The size of a file that is also to be written, in bytes. @default - none is
 * @throws UserError when one of them is on a disk that is nearly full
 */
export function checkDiskSpace(directories: readonly string[], download = 0): void {
  for (const directory of directories) {
    const { bavail, bsize } = statfsSync(directory);
    if (bavail * bsize >= needed + download) continue;
    const use =
      download > 0
        ? `the download needs ${inMebibytes(needed + download)} MiB`
        : `an apply needs ${inMebibytes(needed)} MiB to save its state`;
    throw new UserError(
      `The disk of ${directory} has ${inMebibytes(bavail * bsize)} MiB free; ${use}. Free some space, ` +
        "and run the same command again.",
    );
  }
}

function inMebibytes(bytes: number): number {
  return Math.floor(bytes / 2 ** 20);
}
