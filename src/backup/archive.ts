import { createHash } from "node:crypto";
import { closeSync, createWriteStream, fsyncSync, openSync } from "node:fs";
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import type { Decrypter, Encrypter } from "age-encryption" with { "resolution-mode": "import" };
import { extract, pack } from "tar-stream";
import { reasonOf, UserError } from "../errors";
import { type Manifest, parseManifest, type PartDigest, partNames } from "./manifest";
import { Spool } from "./spool";

/** A part of a backup that fits into the memory. */
export type SmallParts = Readonly<Record<string, Buffer>>;

/** A backup that was read whole, each part with the digest that its manifest has. */
export interface OpenedBackup {
  readonly manifest: Manifest;
  readonly parts: SmallParts;
  /** The snapshot of etcd; to be removed. */
  readonly snapshot: Spool;
}

/** In bytes: of each part but the snapshot. */
const largestPart = 256 * 2 ** 20;

/** What this process writes before it is whole. */
function partOf(file: string): string {
  return `${file}.${process.pid}.part`;
}

/** The process that writes, or wrote, a file of this name; undefined where it is a backup's no part. */
export function writerOf(name: string): number | undefined {
  const [, id] = /\.age\.(\d+)\.part$/.exec(name) ?? [];
  return id === undefined ? undefined : Number(id);
}

/** Of bytes that are in memory. */
export function digestOf(bytes: Buffer): PartDigest {
  return { size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/**
 * Writes a backup: whole or not at all, for its owner only. It is a tar in gzip in age: `age --decrypt
 * FILE | tar xz` opens it without this program.
 * @throws what writing the file throws
 */
export async function writeBackup(
  file: string,
  { manifest, parts, snapshot }: OpenedBackup,
  encrypter: Encrypter,
): Promise<void> {
  const part = partOf(file);
  try {
    const source = packed(manifest, parts, snapshot).pipe(createGzip());
    const encrypted = await encrypter.encrypt(webStream(source));
    await pipeline(Readable.from(encrypted), createWriteStream(part, { mode: 0o600 }));
    sync(part);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** The manifest comes first: it says what follows. */
function packed(manifest: Manifest, parts: SmallParts, snapshot: Spool): Readable {
  const { manifest: first, snapshot: last } = partNames;
  const archive = pack();
  const created = { mtime: new Date(manifest.created), mode: 0o600 };
  archive.entry({ name: first, ...created }, JSON.stringify(manifest, undefined, 2));
  for (const [name, content] of Object.entries(parts)) archive.entry({ name, ...created }, content);
  const entry = archive.entry({ name: last, size: snapshot.size, ...created }, (error) => {
    if (error == null) archive.finalize();
    else archive.destroy(error);
  });
  const source = snapshot.read();
  source.once("error", (error) => {
    archive.destroy(error);
  });
  source.pipe(entry);
  return Readable.from(archive);
}

/**
 * Reads a backup to its end and checks every part.
 * @param title For messages
 * @param source Its bytes; ended in any case
 * @param scratch A directory of this run, for what is too large for the memory
 * @throws UserError where it cannot be opened, is no backup, or is damaged
 */
export async function readBackup(
  title: string,
  source: Readable,
  decrypter: Decrypter,
  scratch: string,
): Promise<OpenedBackup> {
  try {
    const clear = Readable.from(await decrypter.decrypt(webStream(source)));
    return await unpacked(title, clear, scratch);
  } catch (error) {
    throw explained(title, error);
  } finally {
    source.destroy();
  }
}

async function unpacked(file: string, clear: Readable, scratch: string): Promise<OpenedBackup> {
  const entries = extract();
  const read = pipeline(clear, createGunzip(), entries);
  // The entries' own errors are these.
  read.catch(() => undefined);
  let manifest: Manifest | undefined;
  let snapshot: Spool | undefined;
  const parts: Record<string, Buffer> = {};
  try {
    for await (const entry of entries) {
      const { name, size } = entry.header;
      if (size > largestPart && name !== partNames.snapshot) {
        throw damaged(file, `${name} is too large`);
      }
      if (manifest === undefined) {
        if (name !== partNames.manifest) throw notOurs(file);
        manifest = parseManifest((await buffer(entry)).toString("utf8"), file);
        continue;
      }
      const expected = manifest.parts[name];
      if (expected === undefined) throw damaged(file, `${name} is not in its manifest`);
      if (name === partNames.snapshot) {
        snapshot = await Spool.of(entry as AsyncIterable<Buffer>, join(scratch, "etcd.spool"));
        check(file, name, expected, snapshot);
      } else {
        parts[name] = await buffer(entry);
        check(file, name, expected, digestOf(parts[name]));
      }
    }
    await read;
    if (manifest === undefined) throw notOurs(file);
    const missing = Object.keys(manifest.parts).filter(
      (name) => parts[name] === undefined && !(name === partNames.snapshot && snapshot),
    );
    if (missing.length > 0 || snapshot === undefined) {
      throw damaged(file, `it lacks ${missing.join(", ") || partNames.snapshot}`);
    }
    return { manifest, parts, snapshot };
  } catch (error) {
    snapshot?.remove();
    throw error;
  }
}

function check(file: string, name: string, expected: PartDigest, found: PartDigest): void {
  if (found.size === expected.size && found.sha256 === expected.sha256) return;
  throw damaged(file, `${name} has another digest than its manifest says`);
}

function damaged(file: string, how: string): UserError {
  return new UserError(`${file} is damaged: ${how}.`);
}

function notOurs(file: string): UserError {
  return new UserError(`${file} is not a backup of openaether's.`);
}

/** What age, gzip and tar say, in words of what it means. */
function explained(file: string, error: unknown): Error {
  if (error instanceof UserError) return error;
  const reason = reasonOf(error);
  if (reason.includes("no identity matched")) {
    return new UserError(
      `${file} is encrypted for other keys than the one that was given, or with another passphrase.`,
    );
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return new UserError(`There is no ${file}.`);
  if (code === "EACCES") return new UserError(`${file} cannot be read: ${reason}`);
  if (code === "ENOSPC") return new UserError(`There is no space left to open ${file}: ${reason}`);
  if (/invalid version|invalid stanza|stream ended before|non-ASCII/.test(reason)) {
    return notOurs(file);
  }
  return damaged(file, `it breaks off, or was changed (${reason})`);
}

function webStream(source: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(source) as ReadableStream<Uint8Array>;
}

function sync(file: string): void {
  const descriptor = openSync(file, "r+");
  fsyncSync(descriptor);
  closeSync(descriptor);
}
