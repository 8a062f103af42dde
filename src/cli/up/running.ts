import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../cluster/cluster";
import { commandLineOf } from "../cluster/processes";

/** Under the folder that the command line remembers in: the process id of the tofu that changes things. */
const fileName = "tofu.pid";
/** How often it is looked whether it has ended, in milliseconds. */
const interval = 200;

/** Remembers the tofu that changes this cluster. */
export function rememberTofu(cluster: Cluster, processId: number): void {
  writeFileSync(join(cluster.memory, fileName), String(processId), { mode: 0o600 });
}

/**
 * A command line that was killed leaves its tofu behind, which goes on to its own end. It is waited
 * for: until then, neither the state nor the journal says what stands.
 */
export async function waitForTofu(cluster: Cluster, say: (text: string) => void): Promise<void> {
  const processId = stillAtWork(cluster);
  if (processId === undefined) return;
  say(
    `tofu still works on this cluster (process ${processId}), started by a run that was closed or by ` +
      `another terminal. Waiting for its end; to end it in order:\n\n  kill -INT ${processId}\n`,
  );
  while (stillAtWork(cluster) !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
}

function stillAtWork(cluster: Cluster): number | undefined {
  const file = join(cluster.memory, fileName);
  if (!existsSync(file)) return undefined;
  const processId = Number(readFileSync(file, "utf8"));
  // After a restart of the machine, the number may be somebody else's.
  const isTofu = commandLineOf(processId)?.includes(`-chdir=${cluster.stackFolder}`) === true;
  return isTofu ? processId : undefined;
}
