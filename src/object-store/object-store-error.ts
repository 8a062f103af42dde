import type { S3ServiceException } from "@aws-sdk/client-s3";
import { UserError } from "../errors";
import { type Bucket, credentialVariables, titleOf } from "./bucket";

export type ObjectStoreProblem =
  | "unreachable"
  | "credentials"
  | "denied"
  | "no bucket"
  | "region"
  | "full"
  | "precondition"
  | "unsupported"
  | "other";

/** By the codes of S3 and of the stores that imitate it (Ceph, MinIO, Scality, versitygw). */
const codes: Readonly<Record<string, ObjectStoreProblem>> = {
  InvalidAccessKeyId: "credentials",
  SignatureDoesNotMatch: "credentials",
  ExpiredToken: "credentials",
  InvalidToken: "credentials",
  TokenRefreshRequired: "credentials",
  AccessDenied: "denied",
  AllAccessDisabled: "denied",
  NoSuchBucket: "no bucket",
  PermanentRedirect: "region",
  AuthorizationHeaderMalformed: "region",
  IllegalLocationConstraintException: "region",
  InvalidLocationConstraint: "region",
  QuotaExceeded: "full",
  InsufficientStorage: "full",
  XMinioStorageFull: "full",
  EntityTooLarge: "full",
  PreconditionFailed: "precondition",
  ConditionalRequestConflict: "precondition",
  NotImplemented: "unsupported",
};

/** By HTTP's status, where an answer has no code: HEAD has no body. */
const statuses: Readonly<Record<number, ObjectStoreProblem>> = {
  301: "region",
  401: "credentials",
  403: "denied",
  409: "precondition",
  412: "precondition",
  501: "unsupported",
  507: "full",
};

/** What an object store refused, or why it did not answer: a sentence without a credential. */
export class ObjectStoreError extends UserError {
  private constructor(
    readonly problem: ObjectStoreProblem,
    message: string,
  ) {
    super(message);
  }

  static of(error: unknown, bucket: Bucket): ObjectStoreError {
    if (error instanceof ObjectStoreError) return error;
    if (!isRefusal(error)) {
      return new ObjectStoreError("unreachable", unreachable(error, bucket));
    }
    const problem = codes[error.name] ?? statuses[error.$metadata.httpStatusCode ?? 0] ?? "other";
    return new ObjectStoreError(problem, refused(problem, error, bucket));
  }

  static withoutCredentials(bucket: Bucket): ObjectStoreError {
    const pairs = credentialVariables(bucket).map((one) => `${one.accessKey} and ${one.secretKey}`);
    return new ObjectStoreError(
      "credentials",
      `There are no credentials for ${titleOf(bucket)}: set ${pairs.join(", or ")}.`,
    );
  }
}

/** Not by its class, which would load the SDK in every command. */
function isRefusal(error: unknown): error is S3ServiceException {
  return error instanceof Error && "$fault" in error && "$metadata" in error;
}

function unreachable(error: unknown, bucket: Bucket): string {
  // The reason of an AggregateError, which Node throws for a name with several addresses, is in its parts.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const reason = first instanceof Error ? first.message : String(first);
  return `${bucket.endpoint} does not answer: ${reason}`;
}

function refused(
  problem: ObjectStoreProblem,
  { name, message }: S3ServiceException,
  bucket: Bucket,
): string {
  const subject = titleOf(bucket);
  switch (problem) {
    case "credentials":
      if (name === "ExpiredToken") return `The credentials for ${subject} have expired (${name}).`;
      return `The object store does not accept the credentials for ${subject} (${name}).`;
    case "denied":
      return `The credentials do not have the right to this in ${subject}, or it belongs to another account (${name}).`;
    case "no bucket":
      return `There is no bucket ${bucket.name} at ${bucket.endpoint}.`;
    case "region":
      return `${subject[0]?.toUpperCase() ?? ""}${subject.slice(1)} is not in the region ${bucket.region} (${name}).`;
    case "full":
      return `There is no space left in ${subject} (${name}).`;
    default:
      return `The object store refused a request to ${subject}: ${name}: ${message}`;
  }
}
