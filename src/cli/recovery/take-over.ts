import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { PendingChanges } from "../../state/run-record";
import { writeWhole } from "../../whole-file";
import type { Cluster } from "../cluster/cluster";
import { journalName } from "../cluster/truncated-state";
import { rememberApplied } from "./configuration";
import { closeJournal } from "./left-behind";
import { started, writePossible } from "./possible";
import { StateView } from "./state-view";
import { writeUnresolved } from "./unresolved";

/**
 * Prepares the recovery from a run that was killed elsewhere, whose own journal is there. What it was to
 * create, and its journal does not mention, is looked up before anything is created; what it was to destroy
 * counts as being destroyed.
 * @param journal As far as it was copied; "" where it was not
 */
export async function takeOver(
  cluster: Cluster,
  pending: PendingChanges,
  journal: string,
): Promise<void> {
  const { creates, destroys, configuration, values } = pending;
  const replaced = destroys.filter((address) => creates.includes(address));
  await removeReplaced(cluster, replaced);
  writeUnresolved(cluster, []);
  rememberApplied(
    cluster,
    configuration,
    values === undefined ? undefined : Buffer.from(values, "base64"),
  );
  const events = destroys.map((address) => started(address, "delete"));
  writePossible(cluster, creates);
  const file = join(cluster.memory, journalName);
  if (existsSync(file)) renameSync(file, `${file}.before`);
  writeWhole(file, `${events.map((event) => `${JSON.stringify(event)}\n`).join("")}${journal}\n`);
}

/** Its journal has ended elsewhere: another run has recovered from it. */
export function forgetJournal(cluster: Cluster): void {
  writeUnresolved(cluster, []);
  writePossible(cluster, []);
  closeJournal(cluster);
}

/**
 * The state may still have what was destroyed to be replaced, and its replacement would not be looked
 * up then.
 */
async function removeReplaced(cluster: Cluster, addresses: readonly string[]): Promise<void> {
  if (addresses.length === 0) return;
  const file = join(cluster.scratch, "taking-over.plan");
  try {
    await cluster.must("plan", "-refresh-only", `-out=${file}`);
    const now = await StateView.refreshed(cluster, file);
    const known = await StateView.of(cluster);
    const gone = addresses.filter(
      (address) => known.has(address) && (!now.has(address) || now.isGone(address)),
    );
    if (gone.length > 0) await cluster.removeFromState(gone);
  } finally {
    rmSync(file, { force: true });
  }
}
