import { type KubernetesClient, mergePatch } from "../../kubernetes/client";
import { KubernetesError } from "../../kubernetes/kubernetes-error";
import type { ObjectMeta } from "../../kubernetes/objects";

/**
 * A ConfigMap in the cluster that says which backup was taken last. It is in the backup too: after a
 * restore it says whether the data is that of the backup.
 */
const name = "openaether-backup";
const path = "/api/v1/namespaces/kube-system/configmaps";

export interface ClusterNote {
  /** The id of the backup that was taken last. */
  readonly backup: string;
  /** Of the cluster that it was taken of. */
  readonly cluster: string;
  /** ISO 8601. */
  readonly created: string;
}

interface NoteObject {
  readonly metadata: ObjectMeta;
  readonly data?: Partial<ClusterNote>;
}

/**
 * Writes the note.
 * @returns the revision of etcd after it
 * @throws KubernetesError
 */
export async function writeNote(
  client: KubernetesClient,
  data: ClusterNote,
): Promise<string | undefined> {
  const { metadata } = await writtenNote(client, data);
  return metadata.resourceVersion;
}

/** @returns undefined where there is none. @throws KubernetesError */
export async function readNote(
  client: KubernetesClient,
): Promise<Partial<ClusterNote> | undefined> {
  try {
    return (await client.call<NoteObject>("GET", `${path}/${name}`)).data;
  } catch (error) {
    if (KubernetesError.of(error).isNotFound) return undefined;
    throw error;
  }
}

async function writtenNote(client: KubernetesClient, data: ClusterNote): Promise<NoteObject> {
  const patch = () =>
    client.call<NoteObject>("PATCH", `${path}/${name}`, {
      body: { data },
      contentType: mergePatch,
    });
  try {
    return await patch();
  } catch (error) {
    if (!KubernetesError.of(error).isNotFound) throw error;
  }
  const metadata = { name, namespace: "kube-system" };
  const body = { apiVersion: "v1", kind: "ConfigMap", metadata, data };
  try {
    return await client.call<NoteObject>("POST", path, { body });
  } catch (error) {
    // Another backup was faster, or the answer to a first request was lost.
    if (KubernetesError.of(error).isConflict) return patch();
    throw error;
  }
}
