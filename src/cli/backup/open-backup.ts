import { createReadStream, mkdtempSync, readdirSync, rmSync, type Stats, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { type OpenedBackup, readBackup } from "../../backup/archive";
import { decrypterFor } from "../../backup/keys";
import { reasonOf, UserError } from "../../errors";
import { systemMessage } from "../../system-error";
import { beforeEnd } from "../cluster/before-end";
import { isOver } from "../cluster/run-directory";
import type { Prompter } from "../terminal/prompter";
import { type BucketOptions, bucketPlace, isInBucket, refuseBucketOptions } from "./bucket-place";
import { openerFor, type OpenerOptions } from "./keys";
import { newestBackups } from "./retention";

export interface OpenOptions extends OpenerOptions, BucketOptions {}

/** A backup, and a directory for what is needed of it: this user's alone, deleted when this process ends. */
export interface BackupAtHand extends OpenedBackup {
  readonly scratch: string;
}

/** How many backups are named where the one that was asked for is none. */
const shown = 5;

/** With the id of the process that it belongs to. */
const scratchName = /^openaether-backup-(\d+)-/;

/**
 * Reads a backup whole.
 * @param file Its path, or s3://bucket/path
 * @param prompter Undefined where there is no terminal
 * @throws UserError where it cannot be opened, is none, or is damaged; ObjectStoreError
 */
export async function openBackup(
  file: string,
  options: OpenOptions,
  prompter: Prompter | undefined,
): Promise<BackupAtHand> {
  if (!isInBucket(file)) refuseBucketOptions(options);
  const decrypter = await decrypterFor(await openerFor(options, prompter));
  const { source, title } = await sourceOf(file, options);
  const scratch = scratchDirectory();
  return { ...(await readBackup(title, source, decrypter, scratch)), scratch };
}

async function sourceOf(file: string, options: OpenOptions) {
  if (!isInBucket(file)) {
    const found = lookAt(file);
    if (found === undefined) {
      throw new UserError(`There is no ${file}.${newestIn(dirname(file))}`);
    }
    if (found.isDirectory()) {
      throw new UserError(`${file} is a directory, not a backup.${newestIn(file)}`);
    }
    return { source: createReadStream(resolve(file)), title: file };
  }
  const { store, path, title } = await bucketPlace(file, options);
  const parts = path === "" ? undefined : await store.stream(path);
  if (parts !== undefined) return { source: Readable.from(parts), title };
  const below = await store.list(path);
  const keys = below.length > 0 ? below : await store.list(path.replace(/[^/]*$/, ""));
  const there = keys.map((key) => `s3://${store.bucket.name}/${key}`);
  throw new UserError(`There is no backup ${title}.${newestOf(there)}`);
}

/** @returns undefined where it is not there @throws UserError where that cannot be seen */
function lookAt(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${systemMessage(error) ?? reasonOf(error)}`);
  }
}

function newestIn(directory: string): string {
  try {
    return newestOf(readdirSync(directory).map((name) => join(directory, name)));
  } catch {
    // It is not there, or not this user's to read: nothing to name.
    return "";
  }
}

/** The end of a message; empty where there is none. */
function newestOf(files: readonly string[]): string {
  const newest = newestBackups(files, shown);
  return newest.length === 0 ? "" : ` The newest there:\n\n  ${newest.join("\n  ")}`;
}

function scratchDirectory(): string {
  removeAbandoned();
  const scratch = mkdtempSync(join(tmpdir(), `openaether-backup-${process.pid}-`));
  const remove = () => {
    rmSync(scratch, { recursive: true, force: true });
  };
  process.once("exit", remove);
  beforeEnd(remove);
  return scratch;
}

/** What killed runs have left: nothing in it can be read, but it is large. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const id = scratchName.exec(name)?.[1];
    if (id === undefined || !isOver(Number(id))) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Another user's.
    }
  }
}
