import { createHash } from "node:crypto";
import { accessSync, constants, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { cloudNames } from "../../../constructs/model/cluster-spec";
import { Report } from "../../../constructs/model/report";
import { bucketOf, checkBucket } from "../../config/checks/state-bucket";
import { reasonOf, UserError } from "../../errors";
import { type Bucket, titleOf } from "../../object-store/bucket";

/** Where backups go, as options. */
export interface DestinationOptions {
  /** A directory, or s3://bucket/prefix. @default - "backups" beside tofu.tfvars */
  readonly to?: string;
  /** Of a bucket: the cloud whose object store has it. */
  readonly cloud?: string;
  /** Of a bucket: the address of any other store. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly profile?: string;
}

/** A place for backups. */
export interface Destination {
  /** For messages: "backups", "s3://acme/prod at https://s3.gra.io.cloud.ovh.net". */
  readonly title: string;
  /** For what is written into it: absolute. The file is written there, or before it is stored. */
  readonly directory: string;
  /** Stores the file under its name, and reads it back. @throws ObjectStoreError; UserError */
  store(file: string, name: string): Promise<void>;
  /** The names of the files in it, in alphabetical order. */
  list(): Promise<readonly string[]>;
  remove(name: string): Promise<void>;
}

/** Whose bucket it is. */
type Store = Readonly<Record<"cloud" | "endpoint" | "region" | "profile", string | undefined>>;

const defaultDirectory = "backups";
const s3 = "s3://";

/**
 * @param home The directory of tofu.tfvars
 * @param scratch A directory of this run
 * @throws UserError where it cannot be written to, or is not enough to find a bucket; nothing is sent yet
 */
export async function destinationFor(
  { to = defaultDirectory, cloud, endpoint, region, profile }: DestinationOptions,
  home: string,
  scratch: string,
): Promise<Destination> {
  const store = { cloud, endpoint, region, profile };
  if (to.startsWith(s3)) return bucketDestination(to.slice(s3.length), store, scratch);
  const given = Object.entries(store).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`],
  );
  if (given.length > 0) {
    throw new UserError(`${given.join(", ")}: only with a bucket, --to s3://NAME.`);
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(to)) {
    throw new UserError(`--to ${to}: a directory, or a bucket as s3://NAME/PREFIX.`);
  }
  return directoryDestination(resolve(home, to), to);
}

function directoryDestination(directory: string, title: string): Destination {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    accessSync(directory, constants.W_OK);
  } catch (error) {
    throw new UserError(`No backup can be written into ${title}: ${reasonOf(error)}`);
  }
  if (!statSync(directory).isDirectory()) throw new UserError(`${title} is not a directory.`);
  return {
    title,
    directory,
    // It was written there, whole.
    store: () => Promise.resolve(),
    list: () => Promise.resolve(readdirSync(directory).sort()),
    remove: (name) => {
      rmSync(join(directory, name), { force: true });
      return Promise.resolve();
    },
  };
}

async function bucketDestination(
  path: string,
  given: Store,
  scratch: string,
): Promise<Destination> {
  const [name = "", ...rest] = path.split("/");
  const prefix = rest
    .filter((part) => part !== "")
    .map((part) => `${part}/`)
    .join("");
  const bucket = bucketFrom(name, given);
  const { ObjectStore } = await import("../../object-store/object-store.js");
  const store = new ObjectStore(bucket, process.env);
  return {
    title: `${s3}${name}/${prefix} at ${bucket.endpoint}`,
    directory: scratch,
    store: async (file, as) => {
      await store.putFile(`${prefix}${as}`, file);
      const stored = createHash("sha256");
      for await (const part of await store.stream(`${prefix}${as}`)) stored.update(part);
      if (stored.digest("hex") === (await digestOfFile(file))) return;
      throw new UserError(
        `${titleOf(bucket)} has another file than it was sent: ${prefix}${as}. Run the same command again.`,
      );
    },
    list: async () => (await store.list(prefix)).map((key) => key.slice(prefix.length)),
    remove: (key) => store.delete(`${prefix}${key}`),
  };
}

function bucketFrom(name: string, { cloud, endpoint, region, profile }: Store): Bucket {
  const missing = [
    ...(cloud === undefined && endpoint === undefined ? ["--cloud or --endpoint"] : []),
    ...(region === undefined ? ["--region"] : []),
  ];
  if (missing.length > 0 || region === undefined) {
    throw new UserError(
      `Whose bucket is ${s3}${name}? Missing: ${missing.join(", ")}. For example:\n\n` +
        `  ./openaether backup --to ${s3}${name === "" ? "acme-backups" : name} --cloud ovh --region gra`,
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
    const lines = report.problems.map(
      ({ path, summary }) => `${path.join(".") || "bucket"}: ${summary}`,
    );
    throw new UserError(`--to ${s3}${name}: ${lines.join("\n")}`);
  }
  return bucketOf(bucket);
}

async function digestOfFile(file: string): Promise<string> {
  const { createReadStream } = await import("node:fs");
  const hash = createHash("sha256");
  for await (const part of createReadStream(file)) hash.update(part as Buffer);
  return hash.digest("hex");
}
