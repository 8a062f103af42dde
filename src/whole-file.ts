import { renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Writes a file atomically: a reader, and a machine that loses power, sees the old one or the new.
 * @param mode Its permissions. @default 0o600: its owner
 */
export function writeWhole(file: string, content: string | Buffer, mode = 0o600): void {
  const fresh = `${file}.new`;
  try {
    writeFileSync(fresh, content, { mode });
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
