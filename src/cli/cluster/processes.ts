import { execFileSync } from "node:child_process";

/** The command line of a process, from `ps`. @returns undefined when no such process runs */
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

/** Whether a process runs with this argument. */
export function isRunningWith(argument: string): boolean {
  const all = execFileSync("ps", ["-A", "-ww", "-o", "args="], { encoding: "utf8" });
  return all.split("\n").some((line) => ` ${line} `.includes(` ${argument} `));
}

/** Every process of a process group. */
export function processesOf(group: number): { id: number; commandLine: string }[] {
  const all = execFileSync("ps", ["-A", "-ww", "-o", "pid=,pgid=,args="], { encoding: "utf8" });
  return all.split("\n").flatMap((line) => {
    const [, id, own, commandLine = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(own) === group ? [{ id: Number(id), commandLine }] : [];
  });
}
