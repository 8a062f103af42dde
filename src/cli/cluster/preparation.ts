import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  keepLockFile,
  lockedProviders,
  lockFileName,
  placeLockFile,
  readLockFile,
  requiredProviders,
} from "../../tofu/lock-file";
import { TofuFailure, wordsOf } from "../../tofu/process";
import type { Cluster } from "./cluster";
import { printError } from "../../view/output";

/** A stack with its directories. */
type Prepared = Pick<Cluster, "home" | "stackDirectory" | "isSimulated" | "memory" | "run">;

/** In the cluster's memory: what the last init was done for. */
const initialized = "initialized";

/**
 * `tofu init`, unless it was done for the same set of providers, lock file and backend. Prints to
 * standard error which providers no lock file covers.
 * @throws UserError with tofu's message
 */
export async function initialize(cluster: Prepared): Promise<void> {
  const { home, stackDirectory, isSimulated } = cluster;
  // The simulator serves its providers itself; tofu would remove them from the lock file.
  if (!isSimulated) placeLockFile(home, stackDirectory);
  const file = join(cluster.memory, initialized);
  const isDone =
    existsSync(join(stackDirectory, ".terraform")) &&
    existsSync(file) &&
    readFileSync(file, "utf8") === fingerprint(cluster);
  if (isDone) return;
  if (!isSimulated) await tellOfTrust(cluster);
  const captured = await cluster.run("init", "-no-color");
  if (captured.code !== 0) {
    const message = wordsOf(captured);
    throw new TofuFailure(`tofu init failed:\n\n${message}${fix(message)}`);
  }
  if (!isSimulated) keepLockFile(stackDirectory, home);
  writeFileSync(file, fingerprint(cluster), { mode: 0o600 });
}

/** Lets the next command run `tofu init`. */
export function forgetInitialization({ memory }: Prepared): void {
  rmSync(join(memory, initialized), { force: true });
}

/** A digest of everything that an init depends on. */
function fingerprint(cluster: Prepared): string {
  const { terraform } = JSON.parse(
    readFileSync(join(cluster.stackDirectory, "cdk.tf.json"), "utf8"),
  ) as { terraform: unknown };
  const simulated = process.env["TF_REATTACH_PROVIDERS"] ?? "";
  const lock = cluster.isSimulated ? "" : readLockFile(cluster.stackDirectory);
  return createHash("sha256")
    .update(JSON.stringify([terraform, simulated, lock]))
    .digest("hex");
}

async function tellOfTrust(cluster: Prepared): Promise<void> {
  const locked = await lockedProviders(readLockFile(cluster.stackDirectory));
  const unknown = [...requiredProviders(cluster.stackDirectory).keys()].filter(
    (source) => !locked.has(source),
  );
  if (unknown.length === 0) return;
  printError(
    `First download of ${unknown.join(", ")}: trusted as it comes, and held to from then on ` +
      `(${lockFileName}).\nHashes for every platform: ./openaether providers lock\n`,
  );
}

/** The command to run after tofu has refused a package for its version, or for its hash. */
function fix(message: string): string {
  const flat = message.replaceAll(/\s+/g, " ");
  if (flat.includes("does not match configured version constraint")) {
    return `\n\n${lockFileName} is of other versions than this release's. Lock those of now:\n\n  ./openaether providers lock`;
  }
  if (flat.includes("doesn't match any of the checksums")) {
    return (
      `\n\nEither ${lockFileName} knows nothing of this platform, or the package has changed where it ` +
      "comes from. This tells which, and takes no changed one:\n\n  ./openaether providers lock"
    );
  }
  return "";
}
