import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { digestOf, type OpenedBackup, type SmallParts, writeBackup } from "../../backup/archive";
import { encrypterFor } from "../../backup/keys";
import { type Manifest, manifestForm, partNames } from "../../backup/manifest";
import { reasonOf, UserError } from "../../errors";
import { KubernetesError } from "../../kubernetes/kubernetes-error";
import { objectCounts } from "../../kubernetes/object-counts";
import type { KeptDirectory } from "../../state/run-record";
import { secretsIn } from "../../state/cluster-secrets";
import { clusterNetworks } from "../../talos/cluster-networks";
import { readStateText } from "../../tofu/state-file";
import { print, printJson } from "../../view/output";
import { shownSize } from "../../view/size";
import { Cluster, type ClusterOptions, loadInput } from "../cluster/cluster";
import { keptDirectory } from "../cluster/kept-directory";
import { exitStatus } from "../exit-status";
import { NoConnection, NodeConnection } from "../nodes/connection";
import { knownNodes } from "../nodes/known-nodes";
import { writeNote } from "./cluster-note";
import { type DestinationOptions, destinationFor } from "./destination";
import { clusterFingerprint } from "./fingerprint";
import { keysFor } from "./keys";
import { backupName, removeOld } from "./retention";
import { type TakenSnapshot, takeSnapshot } from "./take-snapshot";

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
    throw new UserError(`The backup was not written into ${destination.title}: ${reasonOf(error)}`);
  } finally {
    opened.snapshot.remove();
  }
  await destination.store(file, name);
  const { size } = statSync(file);
  const removed = await removeOld(destination, manifest.cluster.name, options.keep);
  if (options.json) printJson({ file: name, in: destination.title, size, removed, ...manifest });
  else say(summary({ name, title: destination.title, size, removed, manifest, notes }));
  return exitStatus.done;
}

interface Content {
  readonly opened: OpenedBackup;
  /** What its reader should know, in sentences. */
  readonly notes: readonly string[];
}

async function contentOf(cluster: Cluster, kept: KeptDirectory): Promise<Content> {
  const text = await cluster.must("state", "pull");
  const state = readStateText(text);
  const secrets = state === undefined ? undefined : secretsIn(state);
  if (state === undefined || secrets === undefined) {
    throw new UserError("The state has no keys of the cluster yet.\n\n  ./openaether up");
  }
  const controlPlanes = knownNodes(cluster, state).filter(({ role }) => role === "controlplane");
  if (controlPlanes.length === 0) throw new UserError("There is no control plane yet.");
  const connection = await connectionTo(
    cluster,
    state,
    controlPlanes.map(({ address }) => address),
  );
  try {
    const id = randomUUID();
    const created = new Date().toISOString();
    const fingerprint = clusterFingerprint(secrets);
    const note = { backup: id, cluster: fingerprint, created };
    const kubernetes = await askKubernetes(connection, note);
    const snapshot = await takeSnapshot(connection, controlPlanes, cluster.scratch);
    const parts = smallParts(text, kept);
    const { cluster_name: name, cloud, region } = cluster.immutable;
    const { alarms, member, talos, configuration } = snapshot;
    const { problem, revision, objects, version } = kubernetes;
    const manifest: Manifest = {
      form: manifestForm,
      id,
      created,
      cluster: { name, cloud, region, fingerprint },
      versions: { talos, kubernetes: version ?? cluster.versions.kubernetes ?? "" },
      networks: clusterNetworks(configuration),
      etcd: { member, alarms, ...(revision === undefined ? {} : { revision }) },
      ...(objects === undefined ? {} : { objects }),
      varFile: kept.varFile,
      parts: digests(parts, snapshot),
    };
    const notes = [
      ...alarms.map((alarm) => `etcd raises the alarm ${alarm}: what this has may be incomplete.`),
      ...(problem === undefined
        ? []
        : [
            `Kubernetes does not answer (${problem}): how many objects there are is not in the backup.`,
          ]),
    ];
    return { opened: { manifest, parts, snapshot: snapshot.spool }, notes };
  } finally {
    await connection.close();
  }
}

async function connectionTo(
  ...[cluster, state, addresses]: Parameters<typeof NodeConnection.open>
): Promise<NodeConnection> {
  try {
    return await NodeConnection.open(cluster, state, addresses);
  } catch (problem) {
    if (problem instanceof NoConnection) throw new UserError(problem.message);
    throw problem;
  }
}

/** What Kubernetes says of itself, or why it does not. */
async function askKubernetes(connection: NodeConnection, note: Parameters<typeof writeNote>[1]) {
  try {
    const client = await connection.kubernetes();
    const { gitVersion: version } = await client.call<{ gitVersion: string }>("GET", "/version");
    const objects = await objectCounts(client);
    // Last: the snapshot has what was counted, and this.
    const revision = await writeNote(client, note);
    return { version, objects, revision };
  } catch (error) {
    return { problem: KubernetesError.of(error).message };
  }
}

function smallParts(state: string, { files, environment }: KeptDirectory): SmallParts {
  return {
    [partNames.state]: Buffer.from(state),
    [partNames.environment]: Buffer.from(JSON.stringify(environment)),
    ...Object.fromEntries(
      Object.entries(files).map(([name, content]) => [
        `${partNames.directory}${name}`,
        Buffer.from(content, "base64"),
      ]),
    ),
  };
}

function digests(parts: SmallParts, { spool }: TakenSnapshot): Manifest["parts"] {
  const { size, sha256 } = spool;
  return {
    ...Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, digestOf(part)])),
    [partNames.snapshot]: { size, sha256 },
  };
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
  const count = Object.values(objects ?? {}).reduce((sum, one) => sum + one, 0);
  const snapshot = shownSize(parts[partNames.snapshot]?.size ?? 0);
  const files = Object.keys(parts).filter((part) => part.startsWith(partNames.directory)).length;
  return [
    `${cluster.name}: backed up to ${name}, ${shownSize(size)}, in ${title}.`,
    "",
    `  etcd          ${snapshot}, from ${etcd.member}${objects === undefined ? "" : `; ${count} objects`}`,
    `  state         ${shownSize(parts[partNames.state]?.size ?? 0)}, with every key of the cluster`,
    `  directory     ${manifest.varFile} and what it names: ${files} files`,
    `  versions      Talos ${versions.talos}, Kubernetes ${versions.kubernetes}`,
    "",
    ...notes.map((note) => `Warning: ${note}`),
    ...(removed.length === 0 ? [] : [`Removed there: ${removed.join(", ")}`]),
    notInIt,
  ].join("\n");
}
