import type { Consent } from "../plan/confirm";
import { print } from "../../view/output";
import { checkContent } from "../backup/check-content";
import { openBackup, type OpenOptions } from "../backup/open-backup";
import type { ClusterOptions } from "../cluster/directory";
import type { Prompter } from "../terminal/prompter";
import { restoreInPlace } from "./restore-in-place";
import { restoreInto } from "./restore-into";

export interface RestoreOptions extends ClusterOptions, OpenOptions, Consent {
  /** The directory of a new cluster's tofu.tfvars. @default - the same nodes */
  readonly into?: string;
  /** The cluster's name, given as an option instead of typing it. */
  readonly name?: string;
  /** Replace what a cluster has whose etcd works. */
  readonly overwrite: boolean;
  /** Control planes that do not answer, and are recreated afterwards: names. */
  readonly without: readonly string[];
  /** --drain-timeout: in milliseconds, for each node. */
  readonly drainTimeout: number;
}

/**
 * Restores a backup: on the same nodes, or as a new cluster.
 * @param file The backup: its path, or s3://bucket/path
 * @param prompter Undefined where there is no terminal
 * @returns the exit status
 * @throws the input's problems; UserError
 */
export async function restore(
  file: string,
  options: RestoreOptions,
  prompter: Prompter | undefined,
): Promise<number> {
  const backup = await openBackup(file, options, prompter);
  try {
    await checkContent(backup, file);
    const { created, cluster } = backup.manifest;
    print(`${file} is whole: ${cluster.name}, as it was at ${created}.\n`);
    const { into } = options;
    if (into === undefined)
      return await restoreInPlace(backup, { ...options, title: file, say: print });
    return await restoreInto(backup, { ...options, title: file, into, say: print });
  } finally {
    backup.snapshot.remove();
  }
}
