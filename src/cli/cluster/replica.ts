import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../../constructs/model/resource-values";
import { UserError } from "../../errors";
import { type Bucket, titleOf } from "../../object-store/bucket";
import { recordKey, stateKey } from "../../state/bucket-keys";
import type { RunRecord } from "../../state/run-record";
import { formOfText, stateFileName } from "../../tofu/state-file";
import type { ClusterDirectory } from "./directory";
import { storeOf, writeVerified } from "./run-records";

/** What is copied. */
type Copied = Pick<ClusterDirectory, "home" | "bucket" | "immutable">;

/** The replica of a state. */
export interface ReplicaStatus {
  /** When it was written; undefined where there is none yet. */
  readonly written: Date | undefined;
  /** Whether it is the state as it is now. */
  readonly isCurrent: boolean;
  /** What counts the states that tofu has written. @default - there is none */
  readonly serial?: number;
}

/**
 * Copies the state to its replica as it is kept, encrypted, with the record of the last run, and reads
 * both back. What is there already stays.
 * @param record Of the last run. @default - the one beside the state
 * @throws ObjectStoreError; UserError when the state is in clear, or another than what was written is read
 */
export async function replicate(
  cluster: Copied,
  replica: Bucket,
  record?: string | Buffer,
): Promise<void> {
  const { cluster_name: name } = cluster.immutable;
  const state = await keptState(cluster);
  const { encryptedBy } = formOf(state);
  if (encryptedBy === undefined) {
    throw new UserError(`The state is not encrypted: it was not copied to ${titleOf(replica)}.`);
  }
  await copy(replica, stateKey(name), state);
  const last = record ?? (await besideState(cluster, recordKey(name)));
  if (last !== undefined) await copy(replica, recordKey(name), Buffer.from(last));
}

/**
 * The same, where there is a replica; what fails is printed, and fails nothing else.
 * @param ownRecord Of a state in a file, which has none beside it
 */
export async function tryToReplicate(
  cluster: Copied & Pick<ClusterDirectory, "replica">,
  say: (text: string) => void,
  ownRecord?: () => Promise<RunRecord | undefined>,
): Promise<void> {
  const { replica } = cluster;
  if (replica === undefined) return;
  try {
    await replicate(cluster, replica, (await ownRecord?.())?.text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(
      `Warning: the state was not copied to its replica. ${error.message}\nThe next ./openaether up copies it.\n`,
    );
  }
}

/** @throws ObjectStoreError */
export async function replicaStatus(cluster: Copied, replica: Bucket): Promise<ReplicaStatus> {
  const object = await (await storeOf(replica)).get(stateKey(cluster.immutable.cluster_name));
  if (object === undefined) return { written: undefined, isCurrent: false };
  const { body, written } = object;
  const { serial } = formOf(body);
  const isCurrent = body.equals(await keptState(cluster));
  return { written, isCurrent, ...(serial === undefined ? {} : { serial }) };
}

/** The replica for a user: what it has, and how old that is. One that cannot be read is described too. */
export async function describedReplica(
  cluster: Copied,
  replica: Bucket,
): Promise<{ readonly isCurrent: boolean; readonly text: string }> {
  try {
    const { written, isCurrent, serial } = await replicaStatus(cluster, replica);
    if (written === undefined) return { isCurrent, text: "nothing was copied yet" };
    const which = isCurrent ? "the state as it is" : "not the state as it is now";
    const counted = serial === undefined ? "" : ` (serial ${serial})`;
    return {
      isCurrent,
      text: `${which}${counted}, copied ${age(Date.now() - written.getTime())} ago`,
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { isCurrent: false, text: `cannot be read: ${error.message}` };
  }
}

/** "3 days" */
function age(milliseconds: number): string {
  const units = [
    ["day", 86_400_000],
    ["hour", 3_600_000],
    ["minute", 60_000],
  ] as const;
  const [unit, length] =
    units.find(([, one]) => milliseconds >= one) ?? (["second", 1000] as const);
  const count = Math.max(0, Math.floor(milliseconds / length));
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** As it is kept: encrypted. */
async function keptState(cluster: Copied): Promise<Buffer> {
  const { bucket, home, immutable } = cluster;
  if (bucket === undefined) return readFileSync(join(home, stateFileName));
  const state = await besideState(cluster, stateKey(immutable.cluster_name));
  if (state === undefined) throw new UserError(`There is no state in ${titleOf(bucket)}.`);
  return state;
}

async function besideState({ bucket }: Copied, key: string): Promise<Buffer | undefined> {
  return bucket && (await (await storeOf(bucket)).get(key))?.body;
}

async function copy(replica: Bucket, key: string, content: Buffer): Promise<void> {
  const store = await storeOf(replica);
  if ((await store.get(key))?.body.equals(content) === true) return;
  await writeVerified(replica, key, content);
}

function formOf(state: Buffer): {
  readonly encryptedBy?: readonly string[];
  readonly serial?: number;
} {
  const text = state.toString("utf8");
  const form = formOfText(text);
  if (form === undefined || form === "in clear") return {};
  const json: unknown = JSON.parse(text);
  const serial = isObject(json) && typeof json["serial"] === "number" ? json["serial"] : undefined;
  return { ...form, ...(serial === undefined ? {} : { serial }) };
}
