import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors";
import { lockKey } from "../../state/bucket-keys";
import { TofuFailure, wordsOf } from "../../tofu/process";
import { isLockLeft } from "../../tofu/state-errors";
import type { Cluster } from "./cluster";
import type { ClusterDirectory } from "./directory";
import { type LockInfo, readLockInfo } from "./lock-info";
import { commandLineOf, isRunningWith } from "./processes";
import { storeOf, userAtHost } from "./run-records";

/** In milliseconds: how long a tofu may take from its start to its lock, on a busy machine. */
const longestStart = 120_000;
/** In milliseconds: tofu rounds the time of its lock. */
const rounding = 1000;

/** tofu's commands that lock the state. */
const locking = /^(plan|apply|import|destroy|refresh|state (rm|mv|push))\b/;

/** In the command line's directory: the start of a tofu that locks, by its command's process. */
const recordOf = /^tofu-of-(\d+)-\d+$/;
/** How many tofu of this process lock, or have locked. */
let count = 0;

/**
 * Records a tofu that locks a state in a bucket, until it has ended and released the lock: after a kill,
 * or where the store did not answer any more, its lock is recognized by its time. A local state's lock is
 * the operating system's, and ends with its process.
 * @param args tofu's
 * @param errorsOf What tofu has said
 */
export async function recordingLock<Result extends { readonly code: number | null }>(
  { bucket, memory }: ClusterDirectory,
  args: readonly string[],
  run: () => Promise<Result>,
  errorsOf: (result: Result) => string,
): Promise<Result> {
  if (bucket === undefined || !locking.test(args.join(" "))) return run();
  const file = join(memory, `tofu-of-${process.pid}-${(count += 1)}`);
  writeFileSync(file, new Date().toISOString(), { mode: 0o600 });
  const result = await run();
  if (result.code !== null && !isLockLeft(errorsOf(result))) rmSync(file, { force: true });
  return result;
}

/**
 * Releases the lock that a run of this directory left: it was killed, or the store did not answer. Another's
 * stays, and that of a tofu that outlived its command.
 * @throws UserError where tofu does not release it
 */
export async function releaseOwnLock(cluster: Cluster, say: (text: string) => void): Promise<void> {
  const records = cutOff(cluster);
  if (records.length === 0 || isRunningWith(`-chdir=${cluster.stackDirectory}`)) return;
  const lock = await lockOf(cluster);
  if (lock !== undefined && records.some(({ start }) => isOf(start, lock))) {
    const captured = await cluster.run("force-unlock", "-force", lock.ID ?? "");
    if (captured.code !== 0) throw new TofuFailure(wordsOf(captured));
    say(`Released: the state's lock that an interrupted run has left here (${lock.ID ?? ""}).\n`);
  }
  for (const { file } of records) rmSync(file, { force: true });
}

/**
 * Looks for another run's lock of a state in a bucket. tofu's own lock rests on conditional writes; where a
 * store ignores them, this look is all that keeps two runs apart, except those that begin at the same moment.
 * @throws UserError with who holds it and since when
 */
export async function refuseHeldLock(cluster: Cluster): Promise<void> {
  const lock = await lockOf(cluster);
  if (lock === undefined) return;
  const { ID = "", Operation = "a run", Who = "an unknown user", Created = "?" } = lock;
  throw new UserError(
    `The state is locked: ${Operation} of ${Who}, since ${Created}.\n\n  ID: ${ID}`,
    "state locked",
  );
}

/** Started by processes that have ended since, and not known to have released their lock. */
function cutOff({ bucket, memory }: ClusterDirectory): { file: string; start: number }[] {
  if (bucket === undefined) return [];
  return readdirSync(memory).flatMap((name) => {
    const id = Number(recordOf.exec(name)?.[1]);
    if (Number.isNaN(id) || commandLineOf(id)?.includes("cli/index.js") === true) return [];
    const file = join(memory, name);
    return [{ file, start: Date.parse(readFileSync(file, "utf8")) }];
  });
}

function isOf(start: number, { Who, Created }: LockInfo): boolean {
  const created = Date.parse(Created ?? "");
  return Who === userAtHost() && created >= start - rounding && created <= start + longestStart;
}

async function lockOf({ bucket, immutable }: Cluster): Promise<LockInfo | undefined> {
  if (bucket === undefined) return undefined;
  const store = await storeOf(bucket);
  try {
    const lock = await store.get(lockKey(immutable.cluster_name));
    return lock === undefined ? undefined : readLockInfo(lock.body.toString("utf8"));
  } finally {
    store.close();
  }
}
