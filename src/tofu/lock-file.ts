import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../whole-file";

/** tofu's own name for it, in its working directory. */
export const lockFileName = ".terraform.lock.hcl";

/** One provider in the lock file. */
export interface Locked {
  readonly version: string;
  /** "h1:…", one for each package. */
  readonly hashes: readonly string[];
}

/**
 * Copies the lock file beside the input, if there is one, into tofu's working directory: tofu then
 * accepts no other packages.
 */
export function placeLockFile(home: string, stackDirectory: string): void {
  copyLockFile(home, stackDirectory);
}

/** Saves the lock file of `tofu init`. It contains no secret, and belongs beside tofu.tfvars. */
export function keepLockFile(stackDirectory: string, home: string): void {
  copyLockFile(stackDirectory, home);
}

/** "" where there is none. */
export function readLockFile(directory: string): string {
  const file = join(directory, lockFileName);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** It contains no secret. */
export function writeLockFile(directory: string, text: string): void {
  writeWhole(join(directory, lockFileName), text, 0o644);
}

function copyLockFile(from: string, to: string): void {
  const text = readLockFile(from);
  if (text !== "" && text !== readLockFile(to)) writeLockFile(to, text);
}

/**
 * The providers of a lock file, by source without a host: "scaleway/scaleway".
 * @throws HCL's parser's error for an invalid file
 */
export async function lockedProviders(text: string): Promise<ReadonlyMap<string, Locked>> {
  const { parse } = await import("@cdktf/hcl2json");
  const { provider = {} } = (await parse(lockFileName, text)) as {
    provider?: Readonly<Record<string, readonly Partial<Locked>[]>>;
  };
  return new Map(
    Object.entries(provider).map(([address, [block]]) => [
      sourceOf(address),
      { version: block?.version ?? "", hashes: block?.hashes ?? [] },
    ]),
  );
}

/** The providers of a synthesized configuration: each one's version by its source. */
export function requiredProviders(stackDirectory: string): ReadonlyMap<string, string> {
  const { terraform } = JSON.parse(readFileSync(join(stackDirectory, "cdk.tf.json"), "utf8")) as {
    terraform: {
      required_providers: Readonly<Record<string, { source: string; version: string }>>;
    };
  };
  return new Map(
    Object.values(terraform.required_providers).map(({ source, version }) => [
      sourceOf(source),
      version,
    ]),
  );
}

/** "hashicorp/null" of "null", and of an address with its host. */
function sourceOf(address: string): string {
  const [type = "", namespace = "hashicorp"] = address.split("/").reverse();
  return `${namespace}/${type}`;
}
