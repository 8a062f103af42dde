import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../whole-file";

/** tofu's own name for it, in the folder that it works in. */
export const lockFileName = ".terraform.lock.hcl";

/** One provider, as the lock file has it. */
export interface Locked {
  readonly version: string;
  /** "h1:…", one for each package. */
  readonly hashes: readonly string[];
}

/**
 * Puts the lock file that is kept beside the input into the folder that tofu works in, where there is
 * one: tofu then takes no other package than those.
 */
export function placeLockFile(home: string, stackFolder: string): void {
  copyLockFile(home, stackFolder);
}

/**
 * Keeps what `tofu init` has made of the lock file. It holds no secret, and belongs to where
 * tofu.tfvars belongs.
 */
export function keepLockFile(stackFolder: string, home: string): void {
  copyLockFile(stackFolder, home);
}

/** "" where there is none. */
export function readLockFile(folder: string): string {
  const file = join(folder, lockFileName);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** It holds no secret. */
export function writeLockFile(folder: string, text: string): void {
  writeWhole(join(folder, lockFileName), text, 0o644);
}

function copyLockFile(from: string, to: string): void {
  const text = readLockFile(from);
  if (text !== "" && text !== readLockFile(to)) writeLockFile(to, text);
}

/**
 * The providers of a lock file, by source without a host: "scaleway/scaleway".
 * @throws what HCL's parser says of a file that is none
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

/** What a synthesized configuration wants, each provider's one version by its source. */
export function requiredProviders(stackFolder: string): ReadonlyMap<string, string> {
  const { terraform } = JSON.parse(readFileSync(join(stackFolder, "cdk.tf.json"), "utf8")) as {
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
