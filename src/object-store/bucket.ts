import type { ObjectStoreInfo } from "../../constructs/cloud-info";

type Environment = Readonly<Record<string, string | undefined>>;

/** A bucket of an S3 object store. */
export interface Bucket {
  /** "https://s3.fr-par.scw.cloud" */
  readonly endpoint: string;
  readonly region: string;
  readonly name: string;
  /**
   * A profile of ~/.aws/credentials.
   * @default - the environment's
   */
  readonly profile?: string;
  /** The cloud whose store it is. @default - any other's */
  readonly store?: ObjectStoreInfo;
}

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The variables that every S3 client reads. */
const everywhere = { accessKey: "AWS_ACCESS_KEY_ID", secretKey: "AWS_SECRET_ACCESS_KEY" };

/** The pairs of variables that may hold a bucket's credentials, in the order in which they are tried. */
export function credentialVariables({
  store,
}: Bucket): { readonly accessKey: string; readonly secretKey: string }[] {
  if (store === undefined || store.accessKey === everywhere.accessKey) return [everywhere];
  return [store, everywhere];
}

/** The credentials that the environment has for a bucket; undefined without a whole pair. */
export function credentialsOf(bucket: Bucket, environment: Environment): S3Credentials | undefined {
  for (const { accessKey, secretKey } of credentialVariables(bucket)) {
    const accessKeyId = environment[accessKey] ?? "";
    const secretAccessKey = environment[secretKey] ?? "";
    if (accessKeyId === "" || secretAccessKey === "") continue;
    const token = accessKey === everywhere.accessKey ? environment["AWS_SESSION_TOKEN"] : undefined;
    return {
      accessKeyId,
      secretAccessKey,
      ...(token === undefined ? {} : { sessionToken: token }),
    };
  }
  return undefined;
}

/** Whatever the credentials. */
export function isSameBucket(one: Bucket, other: Bucket): boolean {
  return one.endpoint === other.endpoint && one.name === other.name;
}

/** "the bucket acme at https://s3.fr-par.scw.cloud" */
export function titleOf({ name, endpoint }: Bucket): string {
  return `the bucket ${name} at ${endpoint}`;
}
