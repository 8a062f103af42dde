import { createHash } from "node:crypto";
import { accessSync, constants, createReadStream, mkdirSync, readdirSync, rmSync } from "node:fs";
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { writerOf } from "../../backup/archive";
import { UserError } from "../../errors";
import { systemMessage } from "../../system-error";
import { isOver } from "../cluster/run-directory";
import { type BucketOptions, bucketPlace, isInBucket, refuseBucketOptions } from "./bucket-place";

/** Where backups go, as options. */
export interface DestinationOptions extends BucketOptions {
  /** A directory, or s3://bucket/prefix. @default - "backups" beside tofu.tfvars */
  readonly to?: string;
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

const defaultDirectory = "backups";

/**
 * @param home The directory of tofu.tfvars
 * @param scratch A directory of this run
 * @throws UserError where it cannot be written to, or is not enough to find a bucket; ObjectStoreError
 * where a bucket cannot be listed. Nothing is written yet.
 */
export async function destinationFor(
  { to = defaultDirectory, ...options }: DestinationOptions,
  home: string,
  scratch: string,
): Promise<Destination> {
  if (isInBucket(to)) return bucketDestination(to, options, scratch);
  refuseBucketOptions(options);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(to)) {
    throw new UserError(`--to ${to}: a directory, or a bucket as s3://NAME/PREFIX.`);
  }
  return directoryDestination(resolve(home, to), to);
}

function directoryDestination(directory: string, title: string): Destination {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    accessSync(directory, constants.W_OK);
    removeUnfinished(directory);
  } catch (error) {
    const reason = systemMessage(error);
    if (reason === undefined) throw error;
    throw new UserError(`No backup can be written into ${title}: ${reason}`);
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

/** What killed runs have left. */
function removeUnfinished(directory: string): void {
  for (const name of readdirSync(directory)) {
    const writer = writerOf(name);
    if (writer !== undefined && isOver(writer)) rmSync(join(directory, name), { force: true });
  }
}

async function bucketDestination(
  to: string,
  options: BucketOptions,
  scratch: string,
): Promise<Destination> {
  const { store, path, title } = await bucketPlace(to, options);
  const prefix = path === "" ? "" : `${path}/`;
  const list = async () => (await store.list(prefix)).map((key) => key.slice(prefix.length));
  // A bucket that refuses is known before etcd sends anything.
  await list();
  return {
    title,
    directory: scratch,
    store: async (file, name) => {
      const key = `${prefix}${name}`;
      await store.putFile(key, file);
      const stored = await store.stream(key);
      const digests = [await digestOf(stored ?? []), await digestOf(createReadStream(file))];
      if (digests[0] === digests[1]) return;
      await store.delete(key);
      throw new UserError(
        `${title} returned another file than it was sent: ${name}. It was removed there. Run the same command ` +
          "again.",
      );
    },
    list,
    remove: (name) => store.delete(`${prefix}${name}`),
  };
}

/** SHA-256. */
async function digestOf(parts: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of parts) hash.update(part);
  return hash.digest("hex");
}
