import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { UserError } from "../../errors";
import {
  type Locked,
  lockedProviders,
  lockFileName,
  placeLockFile,
  readLockFile,
  requiredProviders,
  writeLockFile,
} from "../../tofu/lock-file";
import { captureTofu, wordsOf } from "../../tofu/process";
import { Cluster, type ClusterOptions } from "./cluster";
import { exitStatus } from "../exit-status";
import { print } from "../../view/output";

export interface LockOptions extends ClusterOptions {
  /** A directory with the packages, instead of their registry. */
  readonly fsMirror?: string;
  /** The base URL of a mirror, instead of their registry. */
  readonly netMirror?: string;
}

/** The platforms of the command line, in tofu's notation. WSL is Linux. */
export const platforms = [
  "linux_amd64",
  "linux_arm64",
  "darwin_amd64",
  "darwin_arm64",
  "windows_amd64",
] as const;

/**
 * Rewrites the lock file beside tofu.tfvars: the hashes of this release's providers for every
 * platform. A package that differs from the one that was locked under the same version is refused:
 * `tofu providers lock` would accept both.
 * @returns the exit status
 * @throws the input's problems; UserError
 */
export async function lockProviders(options: LockOptions): Promise<number> {
  const say = print;
  const cluster = await Cluster.synthesize(options, say);
  const { home, stackDirectory } = cluster;
  const required = requiredProviders(stackDirectory);
  say(
    `Fetching ${required.size} providers for ${platforms.length} platforms, to take their hashes …`,
  );
  const text = await freshLock(cluster, required, options);
  const before = await lockedProviders(readLockFile(home));
  const after = await lockedProviders(text);
  refuseChanged(before, after);
  writeLockFile(home, text);
  placeLockFile(home, stackDirectory);
  for (const [source, { version }] of after) {
    const old = before.get(source)?.version ?? version;
    say(`  ${source} ${version}${old === version ? "" : `, was ${old}`}`);
  }
  say(
    `\nWrote ${relative(process.cwd(), join(home, lockFileName))}: keep it where tofu.tfvars is kept.`,
  );
  return exitStatus.done;
}

/** From nothing, in a directory of its own: tofu's command only adds to an existing lock file. */
async function freshLock(
  cluster: Cluster,
  required: ReadonlyMap<string, string>,
  { fsMirror, netMirror }: LockOptions,
): Promise<string> {
  const directory = join(cluster.scratch, "providers");
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  try {
    const wanted = [...required].map(([source, version]) => [
      source.replace("/", "-"),
      { source, version },
    ]);
    writeFileSync(
      join(directory, "main.tf.json"),
      JSON.stringify({ terraform: { required_providers: Object.fromEntries(wanted) as unknown } }),
    );
    const captured = await captureTofu(
      cluster.tofu.path,
      [
        `-chdir=${directory}`,
        "providers",
        "lock",
        "-no-color",
        ...platforms.map((platform) => `-platform=${platform}`),
        ...(fsMirror === undefined ? [] : [`-fs-mirror=${resolve(fsMirror)}`]),
        ...(netMirror === undefined ? [] : [`-net-mirror=${netMirror}`]),
      ],
      // Simulated providers have no packages.
      { environment: { ...cluster.environment, TF_REATTACH_PROVIDERS: "" } },
    );
    if (captured.code !== 0) {
      throw new UserError(`tofu providers lock failed:\n\n${wordsOf(captured)}`);
    }
    return readLockFile(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @throws UserError when a locked version is now another package */
function refuseChanged(
  before: ReadonlyMap<string, Locked>,
  after: ReadonlyMap<string, Locked>,
): void {
  const changed = [...before].flatMap(([source, { version, hashes }]) => {
    const now = after.get(source);
    if (now?.version !== version) return [];
    // Those of the packages themselves: "zh:" is of the archive, which a mirror may repack.
    const isGone = (hash: string) => hash.startsWith("h1:") && !now.hashes.includes(hash);
    return hashes.some(isGone) ? [`${source} ${version}`] : [];
  });
  if (changed.length === 0) return;
  throw new UserError(
    `${changed.join(", ")}: what is served now is not what ${lockFileName} holds. A published ` +
      "package does not change; another may have been put in its place. Nothing was written.\n\n" +
      `If you know why, trust what comes now:\n\n  rm ${lockFileName} && ./openaether providers lock`,
  );
}
