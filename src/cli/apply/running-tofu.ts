import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterDirectory } from "../cluster/directory";
import { commandLineOf, processesOf } from "../cluster/processes";

/** tofu's working directory, and the directory of the command line's own files. */
type Place = Pick<ClusterDirectory, "memory" | "stackDirectory">;

/** In the command line's directory: the process id of the tofu that is making changes. */
const fileName = "tofu.pid";
/** How often to check whether it has ended, in milliseconds. */
const interval = 200;
/** How long a provider may take to end by itself, in milliseconds. */
const grace = 3000;

/** Records the tofu that is changing this cluster. */
export function rememberTofu(cluster: Place, processId: number): void {
  writeFileSync(join(cluster.memory, fileName), String(processId), { mode: 0o600 });
}

/** It has ended, and its providers with it. */
export function forgetTofu(cluster: Place): void {
  rmSync(join(cluster.memory, fileName), { force: true });
}

/**
 * A killed command line leaves its tofu running, which is waited for: until it ends, neither the
 * state nor the journal is complete. A killed tofu leaves its providers running, with no caller:
 * they are ended, so that none of them creates anything after the look-up.
 * @param what What it works on, in the message.
 */
export async function waitForTofu(
  cluster: Place,
  say: (text: string) => void,
  what = "this cluster",
): Promise<void> {
  const processId = stillAtWork(cluster);
  if (processId === undefined) return endProviders(cluster);
  say(
    `tofu still works on ${what} (process ${processId}), started by a run that was closed or by ` +
      `another terminal. Waiting for its end; to end it in order:\n\n  kill -INT ${processId}\n`,
  );
  while (stillAtWork(cluster) !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
  return endProviders(cluster);
}

async function endProviders(cluster: Place): Promise<void> {
  const group = remembered(cluster);
  // Its process id may be another program's by now, and with it the group.
  if (group === undefined || commandLineOf(group) !== undefined) return;
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    for (const id of providersOf(group)) end(id, signal);
    for (let waited = 0; waited < grace && providersOf(group).length > 0; waited += interval) {
      await new Promise((resolve) => setTimeout(resolve, interval));
    }
  }
  forgetTofu(cluster);
}

function end(processId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(processId, signal);
  } catch {
    // It has ended by itself.
  }
}

/** The providers that tofu started: it leads its process group, and starts them by this name. */
function providersOf(group: number): number[] {
  return processesOf(group)
    .filter(({ commandLine }) => commandLine.includes("terraform-provider-"))
    .map(({ id }) => id);
}

function remembered(cluster: Place): number | undefined {
  const file = join(cluster.memory, fileName);
  return existsSync(file) ? Number(readFileSync(file, "utf8")) : undefined;
}

function stillAtWork(cluster: Place): number | undefined {
  const processId = remembered(cluster);
  if (processId === undefined) return undefined;
  // After a reboot, the process id may be another program's.
  const isTofu = commandLineOf(processId)?.includes(`-chdir=${cluster.stackDirectory}`) === true;
  return isTofu ? processId : undefined;
}
