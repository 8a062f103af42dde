import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { UserError } from "../../errors";
import { type Bucket, titleOf } from "../../object-store/bucket";
import { recordKey } from "../../state/bucket-keys";
import { RunRecord } from "../../state/run-record";
import { writeWhole } from "../../whole-file";
import type { ClusterDirectory } from "./directory";

/**
 * The record of the last run on a cluster; undefined where none was written.
 * @param keyOf Of another object of the same form: the run's journal
 * @throws ObjectStoreError; UserError when it is damaged, or of a newer release
 */
export async function readRecord(
  bucket: Bucket,
  cluster: string,
  keyOf = recordKey,
): Promise<RunRecord | undefined> {
  const store = await storeOf(bucket);
  const object = await store.get(keyOf(cluster));
  return object && RunRecord.parse(object.body.toString("utf8"));
}

/** Writes it, and reads it back. @throws ObjectStoreError; UserError when it differs */
export async function writeRecord(bucket: Bucket, record: RunRecord): Promise<void> {
  await writeVerified(bucket, recordKey(record.header.cluster), Buffer.from(record.text));
}

/** Writes an object, and reads it back. @throws ObjectStoreError; UserError when it differs */
export async function writeVerified(bucket: Bucket, key: string, content: Buffer): Promise<void> {
  const store = await storeOf(bucket);
  await store.put(key, content);
  if ((await store.get(key))?.body.equals(content) === true) return;
  throw new UserError(`What was written to ${titleOf(bucket)} is not what it returns.`);
}

/** Loaded where it is needed alone: most clusters have no bucket. */
export async function storeOf(bucket: Bucket) {
  const { ObjectStore } = await import("../../object-store/object-store.js");
  return new ObjectStore(bucket, process.env);
}

/** The id of a cluster's directory on this machine, by which it recognizes its own records. */
export function directoryId({ memory }: Pick<ClusterDirectory, "memory">): string {
  const file = join(memory, "directory-id");
  if (!existsSync(file)) writeWhole(file, randomUUID());
  return readFileSync(file, "utf8");
}

/** "kim@build" */
export function userAtHost(): string {
  return `${userName()}@${hostname()}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a number that has no name.
    return process.env["USER"] ?? String(process.getuid?.() ?? "unknown");
  }
}
