import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../../constructs/package-root";
import {
  noTofu,
  tofuBuildFailed,
  tofuSilent,
  tofuTooOld,
  tofuUnusable,
  UserError,
} from "../errors";

const run = promisify(execFile);

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
  readonly environment: Readonly<Record<string, string | undefined>>;
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
  const cached = cachedBuild(search.environment);
  await build(cached, search);
  return cached;
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

/** The directory of our build: one for each version of its sources and platform, outside the checkout. */
function cachedBuild(environment: TofuSearch["environment"]): Tofu {
  const tools = join(packageRoot(), "tools");
  const sources = createHash("sha256");
  for (const name of ["go.mod", "go.sum"]) sources.update(readFileSync(join(tools, name)));
  const pinned = /opentofu\/opentofu v(\S+)/.exec(readFileSync(join(tools, "go.mod"), "utf8"));
  const version = pinned?.[1] ?? "unknown";

  const named = environment["XDG_CACHE_HOME"] ?? "";
  // A relative one is to be ignored (XDG Base Directory Specification).
  const cache = isAbsolute(named) ? named : join(environment["HOME"] ?? homedir(), ".cache");
  const key = `${version}-${process.platform}-${process.arch}-${sources.digest("hex").slice(0, 12)}`;
  return {
    path: join(cache, "openaether", "tofu", key, "tofu"),
    version,
    origin: "built once, cached",
  };
}

/** Built in a temporary directory and moved as a whole, so that two runs may build at once. */
async function build(target: Tofu, { environment, progress }: TofuSearch): Promise<void> {
  try {
    await run("go", ["version"], { env: { ...environment } });
  } catch {
    throw noTofu();
  }
  const directory = join(target.path, "..");
  mkdirSync(join(directory, ".."), { recursive: true });
  const temporary = mkdtempSync(`${directory}-`);
  try {
    progress(
      `building OpenTofu ${target.version} from its pinned source: once, about four minutes`,
    );
    await goBuild(join(temporary, "tofu"), environment, progress);
    chmodSync(join(temporary, "tofu"), 0o755);
    try {
      renameSync(temporary, directory);
    } catch (error) {
      // Another run was faster; its build is the same.
      if (!existsSync(target.path)) throw error;
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function goBuild(
  output: string,
  environment: TofuSearch["environment"],
  progress: TofuSearch["progress"],
): Promise<void> {
  const args = ["build", "-v", "-mod=readonly", "-ldflags"];
  const flags = "-s -w -X github.com/opentofu/opentofu/version.dev=no";
  const go = spawn("go", [...args, flags, "-o", output, "github.com/opentofu/opentofu/cmd/tofu"], {
    cwd: join(packageRoot(), "tools"),
    env: { ...environment, CGO_ENABLED: "0" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let compiled = 0;
  const words: string[] = [];
  go.stderr.setEncoding("utf8").on("data", (text: string) => {
    const lines = text.split("\n").filter((line) => line !== "");
    // With -v, Go prints a line for each package: its import path, without a space.
    const before = compiled;
    compiled += lines.filter((line) => !line.includes(" ")).length;
    words.push(...lines.filter((line) => line.includes(" ")));
    if (Math.floor(compiled / 100) > Math.floor(before / 100))
      progress(`  ${compiled} packages compiled`);
  });
  return new Promise((resolve, reject) => {
    go.on("error", reject);
    go.on("close", (code) => {
      if (code === 0) resolve();
      else reject(tofuBuildFailed(words.slice(-10).join("\n")));
    });
  });
}
