import { UserError } from "../../errors";
import { type Bucket, titleOf } from "../../object-store/bucket";
import type { ConditionalWrites } from "../../object-store/conditional-writes";
import { createBucket } from "../../object-store/create-bucket";
import { ObjectStore } from "../../object-store/object-store";
import { keysPrefix, stateKey } from "../../state/bucket-keys";
import { lockRemark } from "../../state/bucket-lock";
import { print } from "../../view/output";
import { loadInput } from "../cluster/cluster";
import type { ClusterOptions } from "../cluster/directory";
import { exitStatus } from "../exit-status";

/**
 * Creates the bucket that tofu.tfvars names for the state, private and with versions kept, and that of
 * its replica; completes those of this account's.
 * @returns the exit status
 * @throws the input's problems; ObjectStoreError where a bucket is another account's
 */
export async function createStateBucket(options: ClusterOptions): Promise<number> {
  const { bucket, replica, spec } = await loadInput(options);
  if (bucket === undefined && replica === undefined) throw noBucket();
  if (bucket !== undefined) {
    const remark = lockRemark(await create(bucket), bucket);
    if (remark !== undefined) print(`\n${remark}`);
  }
  if (replica !== undefined) await create(replica);
  const hasState =
    bucket !== undefined &&
    (await new ObjectStore(bucket, process.env).writtenAt(stateKey(spec.name))) !== undefined;
  if (bucket === undefined || hasState) {
    if (replica !== undefined) print("\nThe next ./openaether up copies the state to the replica.");
    return exitStatus.done;
  }
  print(
    "\nMove the state there, or begin with it:\n\n  ./openaether state move\n  ./openaether up",
  );
  return exitStatus.done;
}

/** @returns what its store does with conditional writes */
async function create(bucket: Bucket): Promise<ConditionalWrites> {
  const store = new ObjectStore(bucket, process.env);
  const { isNew, isPublic, keepsVersions, conditionalWrites } = await createBucket(
    store,
    keysPrefix,
  );
  if (isPublic) throw publicBucket(bucket);
  const versions = keepsVersions ? "with versions kept" : "without versions of what is replaced";
  print(`${isNew ? "Created" : "Already there"}: ${titleOf(bucket)}, private, ${versions}.`);
  return conditionalWrites;
}

function noBucket(): UserError {
  return new UserError(
    "tofu.tfvars names no bucket for the state. Nothing was created. For example:\n\n" +
      '  state = {\n    encryption = "passphrase"\n' +
      '    bucket     = { cloud = "scaleway", region = "fr-par", name = "acme-openaether" }\n  }',
  );
}

function publicBucket(bucket: Bucket): UserError {
  return new UserError(
    `Anyone can list ${titleOf(bucket)}: a policy, or an ACL, opens it. Nothing was written into it. Close ` +
      "it in the cloud's console, or name another bucket.",
  );
}
