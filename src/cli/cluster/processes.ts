import { execFileSync } from "node:child_process";

/** The command line of a process, as `ps` shows it. @returns undefined when no such process runs */
export function commandLineOf(processId: number): string | undefined {
  try {
    return execFileSync("ps", ["-ww", "-o", "args=", "-p", String(processId)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return undefined;
  }
}
