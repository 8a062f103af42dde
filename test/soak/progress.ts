import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The progress of a soak, which resumes from it. */
export interface Progress {
  /** Histories run: their seeds are 1 to this. */
  histories: number;
  /** Of them, those that failed: seed and shortest form. */
  failedHistories: { readonly seed: number; readonly line: string; readonly failure: string }[];
  /** Sweeps done, as "scaleway 3": cloud and offset. */
  sweeps: string[];
  cases: number;
  recovered: number;
  failedSweeps: { readonly sweep: string; readonly failure: string }[];
}

const directory = join(
  process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
  "openaether",
  "soak",
);
export const progressFile = join(directory, "progress.json");

export function readProgress(): Progress {
  try {
    return JSON.parse(readFileSync(progressFile, "utf8")) as Progress;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return {
      histories: 0,
      failedHistories: [],
      sweeps: [],
      cases: 0,
      recovered: 0,
      failedSweeps: [],
    };
  }
}

export function writeProgress(progress: Progress): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(`${progressFile}.next`, JSON.stringify(progress, undefined, 2), { mode: 0o600 });
  renameSync(`${progressFile}.next`, progressFile);
}
