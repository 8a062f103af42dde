import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors";
import { readJournal } from "../../tofu/journal";
import { type TruncatedState, truncatedState } from "../../tofu/state-file";
import { writeWhole } from "../../whole-file";
import type { ClusterDirectory } from "./directory";

/** In the command line's directory. */
export const journalName = "journal";

/** Beside it: exists while a run creates the cluster's keys, before any resource of the cloud. */
const creatingSecretsName = "creating-secrets";

/** Records that only keys are written to the state from now on. */
export function beginCreatingSecrets(cluster: ClusterDirectory): void {
  writeFileSync(join(cluster.memory, creatingSecretsName), "", { mode: 0o600 });
}

export function endCreatingSecrets(cluster: ClusterDirectory): void {
  rmSync(join(cluster.memory, creatingSecretsName), { force: true });
}

/** @throws UserError with the recovery, when tofu would take a truncated state for an empty one */
export function refuseTruncatedState(cluster: ClusterDirectory): void {
  const cut = truncatedState(cluster.home);
  if (cut !== undefined)
    throw new UserError(`${describeTruncation(cut)}${howToRecover(cluster, cut)}`);
}

/**
 * Restores the previous state, where the journal of the interrupted run has what it has done since,
 * or where it has created only keys.
 * @throws UserError with the manual recovery otherwise
 */
export function repairTruncatedState(cluster: ClusterDirectory, say: (text: string) => void): void {
  const cut = truncatedState(cluster.home);
  if (cut === undefined) return;
  const isKnown = hasJournal(cluster, cut);
  if (!isKnown && !isCreatingSecrets(cluster)) refuseTruncatedState(cluster);
  const state = join(cluster.home, "cluster.tfstate");
  if (!cut.isEmpty) renameSync(state, `${state}.cut`);
  writeWhole(state, cut.backup === undefined ? "" : readFileSync(`${state}.backup`, "utf8"));
  say(
    `${describeTruncation(cut)} ` +
      (isKnown
        ? "Taken from there, and what the last run did since from its journal.\n"
        : "The last run had created keys only: they are created again.\n"),
  );
}

/** What has happened, in a sentence or two. */
export function describeTruncation({ isEmpty, backup }: TruncatedState): string {
  return (
    `cluster.tfstate ${isEmpty ? "is empty" : "breaks off"}: tofu was killed, or the disk was full, while ` +
    "it was written. " +
    (backup === undefined
      ? "There is no backup that is whole."
      : `cluster.tfstate.backup is whole: ${contentOf(backup)}, ${backup.written.toISOString()}.`)
  );
}

function contentOf({ resources }: NonNullable<TruncatedState["backup"]>): string {
  return resources === undefined ? "encrypted" : `${resources} resources`;
}

function howToRecover(cluster: ClusterDirectory, cut: TruncatedState): string {
  const { backup } = cut;
  if (isCreatingSecrets(cluster) || hasJournal(cluster, cut))
    return " To go on:\n\n  ./openaether up";
  if (backup === undefined) {
    return (
      " Restore a copy that you kept. Only if no resource of this cluster exists:\n\n" +
      "  rm cluster.tfstate"
    );
  }
  // After a successful run its journal is that of the state's last change, unless the backup is
  // younger.
  const done = join(cluster.memory, `${journalName}.done`);
  const isOfLastChange =
    tellsAllSince(done, backup.written) && statSync(done).mtime >= backup.written;
  return (
    " What was created or destroyed since is not in it" +
    (isOfLastChange ? ", but in the journal of the last run" : "") +
    ". To go on from there:\n\n  cp cluster.tfstate.backup cluster.tfstate\n" +
    (isOfLastChange ? "  mv .openaether/journal.done .openaether/journal\n" : "") +
    `  ./openaether ${isOfLastChange ? "up" : "plan"}`
  );
}

function isCreatingSecrets(cluster: ClusterDirectory): boolean {
  return existsSync(join(cluster.memory, creatingSecretsName));
}

/** Whether the journal of the failed run has what the backup lacks. */
function hasJournal(cluster: ClusterDirectory, { backup }: TruncatedState): boolean {
  const journal = join(cluster.memory, journalName);
  return backup !== undefined && tellsAllSince(journal, backup.written);
}

/** A backup from before the journal's run lacks what other runs did in between. */
function tellsAllSince(journal: string, moment: Date): boolean {
  const [first] = readJournal(journal);
  return first?.["@timestamp"] !== undefined && new Date(first["@timestamp"]) <= moment;
}
