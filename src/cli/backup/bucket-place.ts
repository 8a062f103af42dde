import { cloudNames } from "../../../constructs/model/cluster-spec";
import { Report } from "../../../constructs/model/report";
import { bucketOf, checkBucket } from "../../config/checks/state-bucket";
import { UserError } from "../../errors";
import type { Bucket } from "../../object-store/bucket";
import type { ObjectStore } from "../../object-store/object-store";

/** Whose bucket it is, as options. */
export interface BucketOptions {
  /** The cloud whose object store has it. */
  readonly cloud?: string;
  /** The address of any other store. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly profile?: string;
}

/** A place in a bucket. */
export interface BucketPlace {
  readonly store: ObjectStore;
  /** Without empty parts: "prod/file". */
  readonly path: string;
  /** For messages: "s3://acme/prod/file at https://s3.gra.io.cloud.ovh.net". */
  readonly title: string;
}

const scheme = "s3://";

export function isInBucket(place: string): boolean {
  return place.startsWith(scheme);
}

/** @throws UserError where options of a bucket are given, and the place is none */
export function refuseBucketOptions({ cloud, endpoint, region, profile }: BucketOptions): void {
  const given = Object.entries({ cloud, endpoint, region, profile }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`],
  );
  if (given.length > 0) {
    throw new UserError(`${given.join(", ")}: only with a bucket, ${scheme}NAME/PREFIX.`);
  }
}

/**
 * @param place "s3://acme/prod/file"
 * @throws UserError where the options are not enough, or wrong; nothing is sent yet
 */
export async function bucketPlace(place: string, options: BucketOptions): Promise<BucketPlace> {
  const [name = "", ...parts] = place.slice(scheme.length).split("/");
  const path = parts.filter((part) => part !== "").join("/");
  const bucket = bucketFrom(name, options);
  const { ObjectStore } = await import("../../object-store/object-store.js");
  return {
    store: new ObjectStore(bucket, process.env),
    path,
    title: `${scheme}${name}/${path} at ${bucket.endpoint}`,
  };
}

function bucketFrom(name: string, { cloud, endpoint, region, profile }: BucketOptions): Bucket {
  const missing = [
    ...(cloud === undefined && endpoint === undefined ? ["--cloud or --endpoint"] : []),
    ...(region === undefined ? ["--region"] : []),
  ];
  if (missing.length > 0 || region === undefined) {
    throw new UserError(
      `Whose bucket is ${scheme}${name}? Missing: ${missing.join(", ")}. For example: --cloud ovh --region gra`,
    );
  }
  const known = cloudNames.find((one) => one === cloud);
  if (cloud !== undefined && known === undefined) {
    throw new UserError(`--cloud ${cloud}: there are ${cloudNames.join(", ")}.`);
  }
  const bucket = {
    name,
    region,
    ...(known === undefined ? {} : { cloud: known }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(profile === undefined ? {} : { profile }),
  };
  const report = new Report();
  checkBucket(bucket, [], report);
  if (report.hasErrors) {
    const lines = report.problems.map(({ path: [step], summary }) =>
      step === undefined || step === "name"
        ? `${scheme}${name}: ${summary}`
        : `--${step}: ${summary}`,
    );
    throw new UserError(lines.join("\n"));
  }
  return bucketOf(bucket);
}
