import { App, S3Backend, type S3BackendConfig, TerraformStack } from "cdktf";
import type { Bucket } from "../object-store/bucket";
import { stateKey } from "../state/bucket-keys";

/** What only Amazon's own stores answer. */
const notAmazons = {
  skipCredentialsValidation: true,
  skipMetadataApiCheck: true,
  skipRegionValidation: true,
  skipRequestingAccountId: true,
  // Checksums in trailers, which Ceph and Scality refuse.
  skipS3Checksum: true,
};

/** The same as `terraform.backend`, for a configuration without constructs. */
export function bucketBackend(bucket: Bucket, cluster: string): object {
  const app = new App();
  const stack = new TerraformStack(app, "state");
  keepStateIn(stack, bucket, cluster);
  const { terraform } = stack.toTerraform() as { readonly terraform: { readonly backend: object } };
  return terraform.backend;
}

/** Keeps the state in a bucket, locked by an object beside it. Credentials come from the environment. */
export function keepStateIn(stack: TerraformStack, bucket: Bucket, cluster: string): void {
  const { endpoint, region, name, profile } = bucket;
  const settings: S3BackendConfig & { readonly useLockfile: true } = {
    bucket: name,
    key: stateKey(cluster),
    region,
    endpoints: { s3: endpoint },
    usePathStyle: true,
    useLockfile: true,
    ...(profile === undefined ? {} : { profile }),
    ...notAmazons,
  };
  new S3Backend(stack, settings);
}
