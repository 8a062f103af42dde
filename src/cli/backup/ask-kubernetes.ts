import { KubernetesError } from "../../kubernetes/kubernetes-error";
import { objectCounts } from "../../kubernetes/object-counts";
import type { NodeConnection } from "../nodes/connection";
import { type ClusterNote, writeNote } from "./cluster-note";

export interface KubernetesAnswers {
  readonly version?: string;
  readonly objects?: Readonly<Record<string, number>>;
  /** Of etcd, with the note. */
  readonly revision?: string;
  /** What is missing, and why: a sentence. */
  readonly problem?: string;
}

/** What Kubernetes says of itself. It gets a note of the backup, which the snapshot then has. */
export async function askKubernetes(
  connection: NodeConnection,
  note: ClusterNote,
): Promise<KubernetesAnswers> {
  let known: KubernetesAnswers = {};
  try {
    const client = await connection.kubernetes();
    const { gitVersion: version } = await client.call<{ gitVersion: string }>("GET", "/version");
    known = { version };
    // First, so that it is counted; a cluster that refuses it may still be counted.
    const written = await settled(writeNote(client, note));
    known = { version, objects: await objectCounts(client) };
    if ("error" in written) throw written.error;
    return { ...known, revision: written.value };
  } catch (error) {
    const { message, isUnreachable } = KubernetesError.of(error);
    const isCounted = known.objects !== undefined;
    const what = isUnreachable ? "Kubernetes does not answer" : "Kubernetes refuses a request";
    const missing = isCounted ? "" : "how many objects there are is not in the backup, and ";
    return {
      ...known,
      problem: `${what} (${message}): ${missing}verify cannot tell whether the data is this cluster's.`,
    };
  }
}

async function settled<Value>(
  promise: Promise<Value>,
): Promise<{ readonly value: Value } | { readonly error: unknown }> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}
