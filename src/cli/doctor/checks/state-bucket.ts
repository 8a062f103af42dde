import { shellWord } from "../../../../constructs/shell-word";
import { readStateBucket } from "../../../config/read-state-settings";
import { UserError } from "../../../errors";
import { type Bucket, titleOf } from "../../../object-store/bucket";
import type { ObjectStore } from "../../../object-store/object-store";
import { lockKey, stateKey } from "../../../state/bucket-keys";
import type { DoctorContext } from "../context";
import { error, type Finding, ok, warning } from "../finding";
import { describeLock, readLockInfo } from "../../cluster/lock-info";

const check = "state bucket";

/** Whether the state's bucket answers, is private and keeps versions, and who holds its lock. */
export async function stateBucket(context: DoctorContext): Promise<Finding[]> {
  const { environment, input, stack } = context;
  const bucket = "spec" in input ? input.bucket : readStateBucket(stack?.variables["state"]);
  const cluster = "spec" in input ? input.spec.name : stack?.name;
  if (bucket === undefined || cluster === undefined) return [];
  try {
    // The SDK takes longer to load than most checks take.
    const { ObjectStore } = await import("../../../object-store/object-store.js");
    const store = new ObjectStore(bucket, environment);
    try {
      return await findings(store, bucket, cluster, context);
    } finally {
      store.close();
    }
  } catch (problem) {
    if (!(problem instanceof UserError)) throw problem;
    return [error(check, problem.message)];
  }
}

async function findings(
  store: ObjectStore,
  bucket: Bucket,
  cluster: string,
  { now, stack }: DoctorContext,
): Promise<Finding[]> {
  if (!(await store.exists())) {
    const text = `There is no bucket ${bucket.name} at ${bucket.endpoint}.`;
    return [error(check, text, "./openaether state create")];
  }
  const { isPublic } = await import("../../../object-store/create-bucket.js");
  if (await isPublic(store)) {
    return [error(check, `Anyone can list ${titleOf(bucket)}: close it in the cloud's console.`)];
  }
  const versions = (await store.keepsVersions()) ? "versions kept" : "no versions kept";
  const written = await store.writtenAt(stateKey(cluster));
  const state = written === undefined ? "no state yet" : `the state of ${written.toISOString()}`;
  const lock = await store.get(lockKey(cluster));
  return [
    ok(check, `${titleOf(bucket)}: private, ${versions}, ${state}`),
    ...(lock === undefined ? [] : [held(lock.body.toString("utf8"), now, stack?.directory)]),
  ];
}

/** Whether its holder still runs can be known on the holder's machine only. */
function held(text: string, now: Date, stackDirectory = "<stack>"): Finding {
  const info = readLockInfo(text);
  return warning(
    "state lock",
    `Held by ${describeLock(info, now)}: wait for its end. Only if that run is over, on every machine:`,
    `tofu -chdir=${shellWord(stackDirectory)} force-unlock ${info.ID === undefined ? "<id>" : shellWord(info.ID)}`,
  );
}
