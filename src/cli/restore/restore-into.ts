import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { partNames } from "../../backup/manifest";
import { UserError } from "../../errors";
import { deleteNode, listNodes } from "../../kubernetes/nodes";
import { secretsAddress, secretsIn } from "../../state/cluster-secrets";
import type { ReadState, StateFile, StateResource } from "../../tofu/state-file";
import { up, type UpOptions } from "../apply/up";
import { clusterFingerprint } from "../backup/fingerprint";
import type { BackupAtHand } from "../backup/open-backup";
import { Cluster, loadInput } from "../cluster/cluster";
import { initialize } from "../cluster/preparation";
import { readRestoreMark, removeRestoreMark, writeRestoreMark } from "../cluster/restore-mark";
import { withLockExplained } from "../cluster/state-lock";
import { exitStatus } from "../exit-status";
import type { NodeConnection } from "../nodes/connection";
import { knownNodes } from "../nodes/known-nodes";
import { manifestsDue } from "../nodes/lease-names";
import { acquireLock } from "../nodes/roll/lock";
import { withConnection } from "../nodes/with-connection";
import { bootstrapAddress } from "../plan/etcd";
import { checkCompatible } from "./compatible";
import { recoverEtcd, untilRestored, untilWell } from "./recover-etcd";
import { oldCluster, restoredReport } from "./report";

export interface IntoOptions extends Pick<UpOptions, "yes" | "allow" | "drainTimeout"> {
  /** The file, as it was named. */
  readonly title: string;
  /** The directory of the new cluster's tofu.tfvars. */
  readonly into: string;
  readonly say: (text: string) => void;
}

/**
 * Creates a cluster with the keys and the data of a backup, on the cloud that a directory's tofu.tfvars
 * names. Every step is recognized as done by looking.
 * @returns the exit status
 * @throws the input's problems; UserError
 */
export async function restoreInto(backup: BackupAtHand, options: IntoOptions): Promise<number> {
  const { title: file, into, say } = options;
  const { manifest } = backup;
  const dir = resolve(into);
  const { spec, input } = await loadInput({ dir });
  checkCompatible(manifest, spec, input.fileName);
  const cluster = await Cluster.synthesize({ dir }, say);
  await withLockExplained(cluster, async () => {
    await initialize(cluster);
    await takeKeys(cluster, backup, options);
    return exitStatus.done;
  });
  const { yes, allow, drainTimeout } = options;
  const settings = { dir, replace: [], adopt: [], json: false, takeOver: false };
  const common = { ...settings, yes, allow, drainTimeout };
  const before = await up({ ...common, restore: "before etcd" });
  if (before !== exitStatus.done) return before;

  await beginEtcd(cluster, backup, say);
  // What follows is a part of what was agreed to.
  const agreed = { ...common, yes: true, restore: "after etcd" } as const;
  const created = await up(agreed);
  if (created !== exitStatus.done) return created;
  await untilAllAreWell(cluster, say);
  // With a kubeconfig, the same command brings what Talos deploys up to date.
  const synced = await up(agreed);
  if (synced !== exitStatus.done) return synced;
  removeRestoreMark(cluster);
  say(await restoredReport(cluster, manifest, file));
  say(oldCluster(manifest, backup.parts[partNames.state]));
  return exitStatus.done;
}

/**
 * Puts the keys of the backup into an empty state, and marks the directory.
 * @throws UserError where the state is of another cluster, or of one that stands already
 */
async function takeKeys(
  cluster: Cluster,
  { manifest, parts }: BackupAtHand,
  { title: file, into }: IntoOptions,
): Promise<void> {
  const mark = readRestoreMark(cluster);
  if (mark !== undefined && mark.backup !== manifest.id) {
    throw new UserError(
      `In ${into}, a restore of another backup has begun and has not ended: ${mark.file}. Nothing was changed. ` +
        "Finish that one, or begin in a new directory.",
    );
  }
  const state = await cluster.readState();
  const secrets = secretsIn(state);
  if (secrets !== undefined && clusterFingerprint(secrets) !== manifest.cluster.fingerprint) {
    throw new UserError(
      `${into} has another cluster than the backup is of. Nothing was changed. Restore into a directory with ` +
        "nothing but a tofu.tfvars.",
    );
  }
  if (mark === undefined && state.resources.length > 0) {
    throw new UserError(
      `${into} has this cluster already. Nothing was changed. After a lost quorum: ./openaether restore ${file}, ` +
        "without --into.",
    );
  }
  writeRestoreMark(cluster, { backup: manifest.id, file });
  if (secrets === undefined) await cluster.pushState(stateWithKeys(parts[partNames.state]));
}

/** A state of nothing but the cluster's keys. */
function stateWithKeys(text: Buffer | undefined): StateFile {
  const { resources, ...state } = JSON.parse(text?.toString("utf8") ?? "") as StateFile;
  const isKeys = ({ mode, type, name }: StateResource) =>
    mode === "managed" && `${type}.${name}` === secretsAddress;
  const { version } = state;
  return {
    version,
    ...("terraform_version" in state ? { terraform_version: state.terraform_version } : {}),
    serial: 1,
    lineage: randomUUID(),
    outputs: {},
    resources: resources.filter(isKeys),
  } as StateFile;
}

/** From machines that wait for etcd to a Kubernetes that answers, and a bootstrap that tofu knows of. */
async function beginEtcd(
  cluster: Cluster,
  { manifest, snapshot }: BackupAtHand,
  say: (text: string) => void,
): Promise<void> {
  const state = await cluster.readState();
  const nodes = knownNodes(cluster, state);
  const node = nodes.find(({ role }) => role === "controlplane");
  if (node === undefined) throw new UserError("No control plane was created.");
  await withConnection(cluster, state, nodes, async (connection) => {
    await recoverEtcd({ connection, node, snapshot, say });
    await untilRestored(connection, manifest);
    say("Kubernetes answers with the data of the backup.");
    const names = nodes.map(({ name }) => name);
    await removeOldNodes(cluster, connection, names, say);
    await askForManifests(connection);
  });
  if (!hasBootstrap(state)) {
    await cluster.must("import", "-no-color", bootstrapAddress, "machine_bootstrap");
  }
}

/** Joining takes a while, and until then no node is touched. */
async function untilAllAreWell(cluster: Cluster, say: (text: string) => void): Promise<void> {
  const state = await cluster.readState();
  const nodes = knownNodes(cluster, state);
  await withConnection(cluster, state, nodes, (connection) => untilWell(connection, nodes, say));
}

/** Nodes of the backup that the new cluster has none of: their pods are created again elsewhere. */
async function removeOldNodes(
  cluster: Cluster,
  connection: NodeConnection,
  names: readonly string[],
  say: (text: string) => void,
): Promise<void> {
  const kubernetes = await connection.kubernetes();
  const ours = names.map((name) => `${cluster.immutable.cluster_name}-${name}`);
  const old = (await listNodes(kubernetes))
    .map(({ metadata }) => metadata.name)
    .filter((name) => !ours.includes(name));
  for (const name of old) await deleteNode(kubernetes, name);
  if (old.length > 0) say(`Removed from Kubernetes, because they are not here: ${old.join(", ")}.`);
}

/** What Talos deploys is that of the old cluster, until an `up` has brought it up to date. */
async function askForManifests(connection: NodeConnection): Promise<void> {
  const lock = await acquireLock(connection);
  try {
    await lock.setNote(manifestsDue, "true");
  } finally {
    await lock.release();
  }
}

function hasBootstrap({ resources }: ReadState): boolean {
  return resources.some(({ address }) => address === bootstrapAddress);
}
