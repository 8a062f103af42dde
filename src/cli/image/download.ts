import { createWriteStream, existsSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { reasonOf, UserError } from "../../errors";
import { checkDiskSpace } from "../../tofu/disk-space";
import { writeWhole } from "../../whole-file";

/** In milliseconds: the factory builds an image when it is first asked for. */
const longestBuild = 600_000;
/** A download that was cut goes on where it ended, so often without a byte in between. */
const attempts = 5;
const pause = 1000;
/** How often progress is printed, in milliseconds. */
const interval = 10_000;
const mebibyte = 2 ** 20;

/** What the factory says of a file before it is downloaded. */
export interface RemoteFile {
  readonly url: string;
  /** In bytes; undefined where it does not say. */
  readonly bytes: number | undefined;
  /** Changes with the content. @default - the factory gives none */
  readonly etag: string | undefined;
}

/** Asks for a file, and waits until the factory has built it. @throws UserError */
export async function askFor(url: string): Promise<RemoteFile> {
  const response = await request(url, {
    method: "HEAD",
    signal: AbortSignal.timeout(longestBuild),
  });
  if (!response.ok) throw refused(url, response.status);
  const length = response.headers.get("content-length");
  return {
    url,
    bytes: length === null ? undefined : Number(length),
    etag: response.headers.get("etag") ?? undefined,
  };
}

/** Registers a schematic: the factory serves images of those that it has seen. @throws UserError */
export async function registerSchematic(
  factory: string,
  schematic: string,
  id: string,
): Promise<void> {
  const url = `${factory}/schematics`;
  const response = await request(url, { method: "POST", body: schematic });
  if (!response.ok) throw refused(url, response.status);
  const { id: registered } = (await response.json().catch(() => ({}))) as { id?: unknown };
  if (registered === id) return;
  throw new UserError(
    `${url} gives the schematic of tofu.tfvars the id ${String(registered)}, not ${id}: it is no Image Factory that is known here.`,
  );
}

/**
 * Downloads a file, and continues a download that was interrupted, also by a kill.
 * @throws UserError
 */
export async function download(
  remote: RemoteFile,
  file: string,
  directory: string,
  say: (text: string) => void,
): Promise<void> {
  const part = `${file}.part`;
  const note = `${part}.json`;
  const version = JSON.stringify([remote.url, remote.etag ?? null, remote.bytes ?? null]);
  if (!existsSync(note) || readFileSync(note, "utf8") !== version || remote.etag === undefined)
    rmSync(part, { force: true });
  writeWhole(note, version);
  checkDiskSpace([directory], (remote.bytes ?? 0) - sizeOf(part));
  for (let without = 0, before = sizeOf(part); ; before = sizeOf(part)) {
    const problem = await append(remote, part, say).catch((error: unknown) => error);
    if (problem === undefined && isWhole(remote, part)) break;
    if (problem instanceof UserError) throw problem;
    without = sizeOf(part) > before ? 0 : without + 1;
    if (without === attempts) {
      const why = problem === undefined ? "it ends early" : reasonOf(problem);
      throw new UserError(
        `The download of ${remote.url} was cut: ${why}. ${inMebibytes(sizeOf(part))} MiB are kept; run the same command again.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  renameSync(part, file);
  rmSync(note, { force: true });
}

async function append(
  remote: RemoteFile,
  part: string,
  say: (text: string) => void,
): Promise<undefined> {
  const have = sizeOf(part);
  if (have > 0 && isWhole(remote, part)) return undefined;
  const headers: Record<string, string> =
    have === 0 ? {} : { range: `bytes=${have}-`, "if-range": remote.etag ?? "" };
  const response = await request(remote.url, { headers });
  if (!response.ok || response.body === null) throw refused(remote.url, response.status);
  // Another answer than "partial content" begins at the beginning.
  const isContinued = response.status === 206;
  let received = isContinued ? have : 0;
  const of = remote.bytes === undefined ? "" : ` of ${inMebibytes(remote.bytes)}`;
  const timer = setInterval(() => {
    say(`  … downloaded ${inMebibytes(received)}${of} MiB`);
  }, interval);
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  body.on("data", (chunk: Buffer) => (received += chunk.length));
  try {
    await pipeline(body, createWriteStream(part, { flags: isContinued ? "a" : "w", mode: 0o600 }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOSPC") throw full(part);
    throw error;
  } finally {
    clearInterval(timer);
  }
  return undefined;
}

function isWhole({ bytes }: RemoteFile, part: string): boolean {
  return bytes === undefined || sizeOf(part) === bytes;
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

async function request(url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, options);
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    throw new UserError(
      `${url} does not answer: ${reasonOf(cause ?? error)}. Without a way there, download the file elsewhere:\n\n` +
        "  ./openaether image create --from <file>",
    );
  }
}

function refused(url: string, status: number): UserError {
  return new UserError(
    status === 404 || status === 400
      ? `The Image Factory has no ${url} (HTTP ${status}): does that Talos release exist, and do its extensions?`
      : `${url} was refused with HTTP ${status}. Run the same command again later, or download the file elsewhere:\n\n` +
          "  ./openaether image create --from <file>",
  );
}

function full(part: string): UserError {
  return new UserError(
    `The disk is full: ${part} could not be written. Free some space, and run the same command again.`,
  );
}

export function inMebibytes(bytes: number): number {
  return Math.ceil(bytes / mebibyte);
}
