import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import {
  build,
  BuildFailed,
  builtProgram,
  type Environment,
  type GoModule,
  pinnedVersion,
} from "../programs/go-module";
import {
  noTofu,
  tofuBuildFailed,
  tofuSilent,
  tofuTooOld,
  tofuUnusable,
  UserError,
} from "../errors";

/** Older ones lack what the synthesized configuration uses (1.11: ephemeral values in providers' schemas). */
const oldestMinor = 11;

/** In milliseconds. */
const longestAnswer = 10_000;

export interface Tofu {
  readonly path: string;
  /** "1.12.6" */
  readonly version: string;
  /** Where it was found: "on the PATH". */
  readonly origin: string;
}

export interface TofuSearch {
  readonly environment: Environment;
  /** In milliseconds: how long tofu may take to print its version. @default - ten seconds */
  readonly patience?: number;
  /** Called with what takes long. */
  readonly progress: (message: string) => void;
}

/**
 * Finds OpenTofu: TOFU_BIN, then `tofu` on the PATH (1.11 or newer), then an earlier build of ours;
 * builds it with Go when there is none.
 * @throws UserError when there is nothing to find or to build with
 */
export async function findTofu(search: TofuSearch): Promise<Tofu> {
  const present = await presentTofu(search);
  if (present !== undefined) return present;
  try {
    await build(source(), search);
  } catch (error) {
    if (!(error instanceof BuildFailed)) throw error;
    throw error.output === undefined ? noTofu() : tofuBuildFailed(error.output);
  }
  return cachedBuild(search.environment);
}

/**
 * The same without a build.
 * @returns undefined when there is none yet
 * @throws UserError when TOFU_BIN cannot be used
 */
export async function presentTofu(
  search: Pick<TofuSearch, "environment" | "patience">,
): Promise<Tofu | undefined> {
  const named = search.environment["TOFU_BIN"];
  if (named !== undefined && named !== "") {
    const version = await versionOf(named, search);
    if (version === undefined) throw tofuUnusable(named);
    if (!isNewEnough(version)) throw tofuTooOld(named, version);
    return { path: named, version, origin: "TOFU_BIN" };
  }
  const installed = await versionOf("tofu", search);
  if (installed !== undefined && isNewEnough(installed)) {
    return { path: "tofu", version: installed, origin: "on the PATH" };
  }
  const cached = cachedBuild(search.environment);
  return existsSync(cached.path) ? cached : undefined;
}

async function versionOf(
  path: string,
  { environment, patience = longestAnswer }: Pick<TofuSearch, "environment" | "patience">,
): Promise<string | undefined> {
  try {
    const stdout = await answerOf(path, ["version", "-json"], patience, {
      PATH: environment["PATH"],
      CHECKPOINT_DISABLE: "1",
      TF_CLI_CONFIG_FILE: "/dev/null",
    });
    return (JSON.parse(stdout) as { terraform_version: string }).terraform_version;
  } catch (error) {
    if (error instanceof UserError) throw error;
    return undefined;
  }
}

/** The output of a program. @throws UserError when it takes too long; Error when it fails */
function answerOf(
  path: string,
  args: readonly string[],
  limit: number,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(path, args, { env }, (error, stdout) => {
      clearTimeout(timer);
      if (error === null) resolve(stdout);
      else reject(new Error(`${path} failed`, { cause: error }));
    });
    const timer = setTimeout(() => {
      // Its children may keep the pipes open.
      child.kill("SIGKILL");
      child.stdout?.destroy();
      child.stderr?.destroy();
      reject(tofuSilent(path, limit / 1000));
    }, limit);
  });
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 1 || (major === 1 && minor >= oldestMinor);
}

/** Our own build of it. */
function source(): GoModule {
  const version = pinnedVersion("", "github.com/opentofu/opentofu");
  return {
    title: `OpenTofu ${version}`,
    directory: "",
    name: "tofu",
    version,
    programs: { tofu: "github.com/opentofu/opentofu/cmd/tofu" },
    linkerFlags: "-X github.com/opentofu/opentofu/version.dev=no",
    duration: "about four minutes",
  };
}

function cachedBuild(environment: Environment): Tofu {
  const { version } = source();
  const path = builtProgram(source(), "tofu", environment);
  return { path, version, origin: "built once, cached" };
}
