import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { open, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { partNames } from "../../backup/manifest";
import { reasonOf, UserError } from "../../errors";
import { presentEtcdutl } from "../../programs/real-programs";
import { secretsIn } from "../../state/cluster-secrets";
import { wholeSnapshot } from "../../talos/etcd-snapshot";
import { type ReadState, readStateText } from "../../tofu/state-file";
import { clusterFingerprint } from "./fingerprint";
import type { BackupAtHand } from "./open-backup";

export interface Checked {
  readonly state: ReadState;
  /** In etcd. @default - there is no etcdutl to count them */
  readonly keys: number | undefined;
  /** False where nothing in etcd says so: Kubernetes took no note when the backup was written. */
  readonly isOfCluster: boolean;
}

/**
 * Checks that the parts of a backup belong together, and that its snapshot can be opened.
 * @param title The file, for messages
 * @throws UserError with what does not
 */
export async function checkContent(backup: BackupAtHand, title: string): Promise<Checked> {
  const { manifest, parts, snapshot } = backup;
  const wrong = (how: string) => new UserError(`${title}: ${how}. It cannot be restored.`);
  const state = readStateText(parts[partNames.state]?.toString("utf8") ?? "");
  const secrets = state === undefined ? undefined : secretsIn(state);
  if (state === undefined || secrets === undefined) throw wrong("its state has no keys");
  if (clusterFingerprint(secrets) !== manifest.cluster.fingerprint) {
    throw wrong("its state is of another cluster than its manifest says");
  }
  const search = new Search(manifest.cluster.fingerprint);
  try {
    for await (const part of wholeSnapshot(snapshot.read() as AsyncIterable<Buffer>)) {
      search.take(part);
    }
  } catch (error) {
    throw wrong(`its snapshot of etcd is not whole: ${reasonOf(error)}`);
  }
  const { hasFound: isOfCluster } = search;
  // A note that was written has a revision.
  if (manifest.etcd.revision !== undefined && !isOfCluster) {
    throw wrong("its snapshot is not of the cluster whose keys it has");
  }
  return { state, keys: await countKeys(backup, wrong), isOfCluster };
}

/** Looks for a word in a stream of bytes. */
class Search {
  hasFound = false;
  private tail = Buffer.alloc(0);

  constructor(private readonly word: string) {}

  take(part: Buffer): void {
    const held = Buffer.concat([this.tail, part]);
    this.hasFound ||= held.includes(this.word);
    this.tail = held.subarray(Math.max(0, held.length - this.word.length));
  }
}

/** By etcd's own tool, where there is one. @returns undefined where there is none */
async function countKeys(
  { snapshot, scratch }: BackupAtHand,
  wrong: (how: string) => UserError,
): Promise<number | undefined> {
  const etcdutl = await presentEtcdutl({ environment: process.env, progress: () => undefined });
  if (etcdutl === undefined) return undefined;
  const path = join(scratch, "etcd.db");
  const file = await open(path, "wx+", 0o600);
  try {
    // In clear, without a name: what a killed run has written is gone with it.
    await unlink(path);
    await writeFile(file, snapshot.read());
    return keysIn(await statusOf(etcdutl.path, file.fd));
  } catch (error) {
    throw wrong(`etcdutl does not open its snapshot: ${reasonOf(error)}`);
  } finally {
    await file.close();
  }
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** What `etcdutl snapshot status` prints of an open file. @throws Error with what it says instead */
async function statusOf(etcdutl: string, file: number): Promise<string> {
  const args = ["snapshot", "status", "/dev/stdin", "--write-out=json"];
  const child = spawn(etcdutl, args, { stdio: [file, "pipe", "pipe"] }) as Child;
  const ended = once(child, "close");
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (child.exitCode === 0) return output;
  throw new Error(errors.trim() || `it ended with ${child.exitCode ?? child.signalCode}`);
}

function keysIn(status: string): number {
  return (JSON.parse(status) as { totalKey: number }).totalKey;
}
