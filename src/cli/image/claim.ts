import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors";
import { writeWhole } from "../../whole-file";
import { isOver } from "../cluster/run-directory";

/**
 * Lets no other command change images until this one has ended.
 * @param memory The command line's own directory about images
 * @throws UserError while one does
 */
export function claimImages(memory: string): void {
  const other = otherCommand(memory);
  if (other !== undefined) throw busy(other);
  writeWhole(claimFile(memory), String(process.pid));
}

/** The process id of another command that changes images here. */
export function otherCommand(memory: string): number | undefined {
  const file = claimFile(memory);
  if (!existsSync(file)) return undefined;
  const other = Number(readFileSync(file, "utf8"));
  return other === process.pid || isOver(other) ? undefined : other;
}

export function busy(processId: number): UserError {
  return new UserError(
    `Another image command works in this directory (process ${processId}). Run this one when it has ended.`,
  );
}

function claimFile(memory: string): string {
  return join(memory, "command.pid");
}
