import { type Bucket, credentialsOf } from "../object-store/bucket";
import { ObjectStoreError } from "../object-store/object-store-error";
import { hideSecret } from "../view/secrets";

type Variables = Readonly<Record<string, string>>;

/**
 * What tofu needs in its environment to read and write a state in a bucket.
 * @throws ObjectStoreError where there are no credentials
 */
export function bucketVariables(
  bucket: Bucket | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Variables {
  if (bucket === undefined) return {};
  // The checksums that newer clients send are refused by Ceph and Scality.
  const checksums = {
    AWS_REQUEST_CHECKSUM_CALCULATION: "when_required",
    AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required",
  };
  if (bucket.profile !== undefined) return checksums;
  const credentials = credentialsOf(bucket, environment);
  if (credentials === undefined) throw ObjectStoreError.withoutCredentials(bucket);
  hideSecret(credentials.secretAccessKey);
  return {
    ...checksums,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken === undefined
      ? {}
      : { AWS_SESSION_TOKEN: credentials.sessionToken }),
  };
}
