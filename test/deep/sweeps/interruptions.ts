import { execFileSync } from "node:child_process";
import type { Running } from "../../support/command-line";
import type { DeepCluster } from "../deep-cluster";

/** How a run is interrupted. */
export type Interruption =
  /** kill -9 of the command line alone. */
  | "kill"
  /** kill -9 of it, and of all that it has started: tofu, talosctl, ssh. */
  | "kill all"
  /** SIGINT to its process group. */
  | "Ctrl-C"
  /** kill -9 of its ssh: the run goes on, or ends with a message. */
  | "lost tunnel"
  /** The machine that is worked on is off and on again: the run goes on, or ends with a message. */
  | "power cut"
  /** The cloud refuses the change: 401. */
  | "credential";

export const interruptions: readonly Interruption[] = [
  "kill",
  "kill all",
  "Ctrl-C",
  "lost tunnel",
  "power cut",
  "credential",
];

/** Where something happens. */
export interface Place {
  /** "demo-worker-0"; undefined for what concerns none. */
  readonly node: string | undefined;
  readonly isChangeOfCloud: boolean;
}

/** What can happen there. */
export function applicable({ node, isChangeOfCloud }: Place): readonly Interruption[] {
  return interruptions.filter((interruption) => {
    if (interruption === "credential") return isChangeOfCloud;
    if (interruption === "power cut") return node !== undefined && !isChangeOfCloud;
    // tofu does not use it once the cluster is bootstrapped.
    return interruption !== "lost tunnel" || !isChangeOfCloud;
  });
}

/** Whether the run that it strikes does nothing more. */
export function endsRun(interruption: Interruption): boolean {
  return interruption !== "lost tunnel" && interruption !== "power cut";
}

/** Of each cloud's machines. */
const power = {
  scaleway: [{ state: "stopped" }, { state: "started" }],
  ovh: [{ status: "SHUTOFF" }, { status: "ACTIVE" }],
  outscale: [{ state: "stopped" }, { state: "running" }],
} as const;

/** Strikes a run, and resolves when it has ended where it cannot go on. */
export async function interrupt(
  deep: DeepCluster,
  run: Running,
  interruption: Interruption,
  node: string | undefined,
): Promise<void> {
  switch (interruption) {
    case "kill":
      signal(run.pid, "SIGKILL");
      await run.ended;
      return;
    case "kill all": {
      // Before the first of them ends: its children then have another parent.
      const all = [run.pid, ...descendants(run.pid).map(({ pid }) => pid)];
      for (const pid of all) signal(pid, "SIGKILL");
      await run.ended;
      return;
    }
    case "Ctrl-C":
      signal(-run.pid, "SIGINT");
      return;
    case "lost tunnel":
      for (const { pid, args } of descendants(run.pid)) {
        if (/^(\S*\/)?ssh /.test(args)) signal(pid, "SIGKILL");
      }
      return;
    case "power cut": {
      const [off, on] = power[deep.cluster.cloud.name];
      await deep.change(node ?? "", off);
      await deep.change(node ?? "", on);
      return;
    }
    case "credential":
      // The simulated cloud refuses the change.
      return;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}

/** All that a process has started, and what those have started. */
function descendants(root: number): { pid: number; args: string }[] {
  const all = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .flatMap((line) => {
      const [, pid, ppid, args = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return pid === undefined ? [] : [{ pid: Number(pid), ppid: Number(ppid), args }];
    });
  const of = (parent: number): typeof all =>
    all.filter(({ ppid }) => ppid === parent).flatMap((one) => [one, ...of(one.pid)]);
  return of(root);
}
