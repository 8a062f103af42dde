import { statSync } from "node:fs";
import { join } from "node:path";
import { writeBackup } from "../../backup/archive";
import { encrypterFor } from "../../backup/keys";
import { type Manifest, objectCount, partNames } from "../../backup/manifest";
import { keysFor } from "../../backup/recipients";
import { reasonOf, UserError } from "../../errors";
import { systemMessage } from "../../system-error";
import { counted } from "../../view/messages";
import { print, printJson } from "../../view/output";
import { shownSize } from "../../view/size";
import { Cluster, type ClusterOptions, loadInput } from "../cluster/cluster";
import { keptDirectory } from "../cluster/kept-directory";
import { exitStatus } from "../exit-status";
import { contentOf } from "./content";
import { type DestinationOptions, destinationFor } from "./destination";
import { backupName, removeOld } from "./retention";

export interface BackupOptions extends ClusterOptions, DestinationOptions {
  /** Public keys of age's. @default - those in the file beside tofu.tfvars */
  readonly recipient: readonly string[];
  /** How many backups of this cluster stay there. @default - all */
  readonly keep?: number;
  readonly json: boolean;
}

/** What a backup does not have, for everyone who relies on it. */
const notInIt =
  "Not in it: data on volumes, and what the cluster's workloads created in the cloud (load balancers, disks).";

/**
 * Writes a backup of a cluster: etcd, the state, the directory. The cluster gets a note of it, else it is
 * not changed.
 * @returns the exit status
 * @throws the input's problems; ObjectStoreError; UserError, with nothing written
 */
export async function backup(options: BackupOptions): Promise<number> {
  const say = (text: string) => {
    if (!options.json) print(text);
  };
  const cluster = await Cluster.synthesizedBefore(options, say);
  const encrypter = await encrypterFor(keysFor(cluster.home, options.recipient));
  const destination = await destinationFor(options, cluster.home, cluster.scratch);
  const { input } = await loadInput(options);
  const kept = keptDirectory({ home: cluster.home, input });
  const { opened, notes } = await contentOf(cluster, kept);
  const { manifest } = opened;
  const name = backupName(manifest.cluster.name, manifest.created);
  const file = join(destination.directory, name);
  try {
    await writeBackup(file, opened, encrypter);
  } catch (error) {
    throw new UserError(
      `The backup was not written into ${destination.title}: ${systemMessage(error) ?? reasonOf(error)}`,
    );
  } finally {
    opened.snapshot.remove();
  }
  await destination.store(file, name);
  const { size } = statSync(file);
  const removed = await removeOld(destination, manifest.cluster.name, options.keep).catch(
    (error: unknown) => {
      throw new UserError(
        `${name} was written into ${destination.title}, but not all older ones could be removed: ${reasonOf(error)}`,
      );
    },
  );
  if (options.json) {
    printJson({ file: name, in: destination.title, size, removed, warnings: notes, ...manifest });
  } else say(summary({ name, title: destination.title, size, removed, manifest, notes }));
  return exitStatus.done;
}

interface Written {
  readonly name: string;
  readonly title: string;
  readonly size: number;
  readonly removed: readonly string[];
  readonly manifest: Manifest;
  readonly notes: readonly string[];
}

function summary({ name, title, size, removed, manifest, notes }: Written): string {
  const { cluster, versions, etcd, objects, parts } = manifest;
  const count = objectCount(manifest);
  const snapshot = shownSize(parts[partNames.snapshot]?.size ?? 0);
  const files = Object.keys(parts).filter((part) => part.startsWith(partNames.directory)).length;
  return [
    `${cluster.name}: backed up to ${name}, ${shownSize(size)}, in ${title}.`,
    "",
    `  etcd          ${snapshot}, from ${etcd.member}${objects === undefined ? "" : `; ${count} objects`}`,
    `  state         ${shownSize(parts[partNames.state]?.size ?? 0)}, with every key of the cluster`,
    `  directory     ${manifest.varFile} and what it names: ${counted(files, "file")}`,
    `  versions      Talos ${versions.talos}, Kubernetes ${versions.kubernetes}`,
    "",
    ...notes.map((note) => `Warning: ${note}`),
    ...(removed.length === 0 ? [] : [`Removed there: ${removed.join(", ")}`]),
    notInIt,
  ].join("\n");
}
