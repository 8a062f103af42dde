import { createHash, type Hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors";
import { journalName } from "../cluster/truncated-state";
import type { ClusterDirectory } from "../cluster/directory";

/**
 * A digest (SHA-256, in hex) of everything that an apply of a saved plan depends on: the plan, the
 * scripts beside the configuration, and the journal of the last run. Consent is bound to it.
 */
export function sealOf(cluster: ClusterDirectory, planFile: string): string {
  const hash = createHash("sha256");
  addFile(hash, planFile);
  addFile(hash, join(cluster.memory, journalName));
  addDirectory(hash, join(cluster.stackDirectory, "assets"));
  return hash.digest("hex");
}

/** A digest of a configuration that was planned, of which later plans of the same run are a part. */
export function configurationDigest(configuration: string): string {
  return createHash("sha256").update(readFileSync(configuration)).digest("hex");
}

/** @throws UserError when the rest of a plan is not that of the configuration that was shown */
export function checkConfiguration(
  agreed: { configurationDigest: string },
  rest: { configurationDigest: string },
): void {
  if (agreed.configurationDigest === rest.configurationDigest) return;
  throw new UserError(
    "Not applied any further: the configuration changed after the plan was shown. Another command " +
      "has worked on this cluster. Run the same command again.",
  );
}

/** @throws UserError when any of it has changed since the plan was shown */
export function checkSeal(cluster: ClusterDirectory, plan: { file: string; seal: string }): void {
  if (existsSync(plan.file) && sealOf(cluster, plan.file) === plan.seal) return;
  throw new UserError(
    "Not applied: the saved plan, a script that it runs, or the journal changed after the plan was " +
      "shown. Another command has worked on this cluster. Run the same command again.",
  );
}

function addFile(hash: Hash, file: string): void {
  const content = existsSync(file) ? readFileSync(file) : undefined;
  hash.update(`${content?.length ?? "none"}\n`);
  if (content !== undefined) hash.update(content);
}

function addDirectory(hash: Hash, directory: string): void {
  if (!existsSync(directory)) return;
  for (const entry of readdirSync(directory, { withFileTypes: true }).sort(byName)) {
    hash.update(`${entry.name}\n`);
    const path = join(directory, entry.name);
    if (entry.isDirectory()) addDirectory(hash, path);
    else addFile(hash, path);
  }
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : 1;
}
