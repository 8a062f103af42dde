import { type Bucket, isSameBucket, titleOf } from "../object-store/bucket";
import { UserError } from "../errors";
import { formOfState, stateFileName } from "../tofu/state-file";

const move = "./openaether state move";

/**
 * Compares where the state is with where it should be: tofu would begin with an empty one.
 * @param bucket As tofu.tfvars says
 * @param former As was synthesized last; undefined where nothing was
 * @throws UserError when it has to be moved first
 */
export function checkStatePlace(
  home: string,
  bucket: Bucket | undefined,
  former: { readonly bucket: Bucket | undefined } | undefined,
): void {
  if (bucket !== undefined && formOfState(home, stateFileName) !== undefined) {
    throw elsewhere(stateFileName, titleOf(bucket));
  }
  const before = former?.bucket;
  if (before === undefined || (bucket !== undefined && isSameBucket(before, bucket))) return;
  throw elsewhere(titleOf(before), bucket === undefined ? "a file" : titleOf(bucket));
}

function elsewhere(is: string, should: string): UserError {
  return new UserError(
    `The state is in ${is}, and tofu.tfvars says: in ${should}. Nothing was changed. To move it there:\n\n  ${move}`,
  );
}
