import { execFile } from "node:child_process";
import { createWriteStream, rmSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { partNames } from "../../backup/manifest";
import { reasonOf, UserError } from "../../errors";
import { presentEtcdutl } from "../../programs/real-programs";
import { secretsIn } from "../../state/cluster-secrets";
import { wholeSnapshot } from "../../talos/etcd-snapshot";
import { type ReadState, readStateText } from "../../tofu/state-file";
import { clusterFingerprint } from "./fingerprint";
import type { BackupAtHand } from "./open-backup";

const run = promisify(execFile);

export interface Checked {
  readonly state: ReadState;
  /** In etcd. @default - there is no etcdutl to count them */
  readonly keys: number | undefined;
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
  // Where Kubernetes did not answer, no note was written.
  if (manifest.objects !== undefined && !search.hasFound) {
    throw wrong("its snapshot is not of the cluster whose keys it has");
  }
  return { state, keys: await countKeys(backup, wrong) };
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
  const file = join(scratch, "etcd.db");
  try {
    // etcdutl maps it into its memory: it must be a file, in clear.
    await pipeline(snapshot.read(), createWriteStream(file, { mode: 0o600 }));
    const { stdout } = await run(etcdutl.path, ["snapshot", "status", file, "--write-out=json"]);
    return (JSON.parse(stdout) as { totalKey: number }).totalKey;
  } catch (error) {
    throw wrong(`etcdutl does not open its snapshot: ${reasonOf(error)}`);
  } finally {
    rmSync(file, { force: true });
  }
}
