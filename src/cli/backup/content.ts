import { randomUUID } from "node:crypto";
import { digestOf, type OpenedBackup, type SmallParts } from "../../backup/archive";
import { alarmText, type Manifest, manifestForm, partNames } from "../../backup/manifest";
import { UserError } from "../../errors";
import { secretsIn } from "../../state/cluster-secrets";
import type { KeptDirectory } from "../../state/run-record";
import { clusterNetworks } from "../../talos/cluster-networks";
import { readStateText } from "../../tofu/state-file";
import type { Cluster } from "../cluster/cluster";
import { knownNodes } from "../nodes/known-nodes";
import { withConnection } from "../nodes/with-connection";
import { askKubernetes } from "./ask-kubernetes";
import { clusterFingerprint } from "./fingerprint";
import { type TakenSnapshot, takeSnapshot } from "./take-snapshot";

/** What a backup is written from. */
export interface Content {
  readonly opened: OpenedBackup;
  /** What its reader should know, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Asks the cluster for all that a backup has. It gets a note of it, else it is not changed.
 * @throws UserError where there is no control plane that answers
 */
export async function contentOf(cluster: Cluster, kept: KeptDirectory): Promise<Content> {
  const text = await cluster.must("state", "pull");
  const state = readStateText(text);
  const secrets = state === undefined ? undefined : secretsIn(state);
  if (state === undefined || secrets === undefined) {
    throw new UserError("The state has no keys of the cluster yet.\n\n  ./openaether up");
  }
  const controlPlanes = knownNodes(cluster, state).filter(({ role }) => role === "controlplane");
  if (controlPlanes.length === 0) throw new UserError("There is no control plane yet.");
  return withConnection(cluster, state, controlPlanes, async (connection) => {
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
    const notes = [...alarms.map(alarmText), ...(problem === undefined ? [] : [problem])];
    return { opened: { manifest, parts, snapshot: snapshot.spool }, notes };
  });
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
