import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../../constructs/package-root";

const run = promisify(execFile);

export type Environment = Readonly<Record<string, string | undefined>>;

/** A Go module in tools/ whose programs are built from its pinned versions. */
export interface GoModule {
  /** "OpenTofu 1.12.6" */
  readonly title: string;
  /** Below tools/; empty for tools/ itself. */
  readonly directory: string;
  /** The kind of build in the cache's path: "tofu". */
  readonly name: string;
  readonly version: string;
  /** The Go package of each program, by the program's name. */
  readonly programs: Readonly<Record<string, string>>;
  readonly linkerFlags: string;
  /** How long a build takes on two cores: "about four minutes". */
  readonly duration: string;
}

export interface Build {
  readonly environment: Environment;
  /** Called with what takes long. */
  readonly progress: (message: string) => void;
  /** Ends a build. */
  readonly signal?: AbortSignal;
}

/** Go printed this as it failed; undefined when there is no Go. */
export class BuildFailed extends Error {
  constructor(readonly output: string | undefined) {
    super(output ?? "There is no Go.");
  }
}

/** The version that a module's go.mod pins. @param dependency "k8s.io/kubernetes" */
export function pinnedVersion(directory: string, dependency: string): string {
  const text = readFileSync(join(sources(directory), "go.mod"), "utf8");
  const line = text.split("\n").find((one) => one.trim().startsWith(`${dependency} v`));
  return line?.trim().split(" v")[1]?.split(" ")[0] ?? "unknown";
}

/**
 * Where a program of a module is once it is built: outside the checkout, in a directory for each
 * version of its sources and platform.
 */
export function builtProgram(module: GoModule, program: string, environment: Environment): string {
  return join(buildDirectory(module, environment), program);
}

export function isBuilt(module: GoModule, environment: Environment): boolean {
  return Object.keys(module.programs).every((name) =>
    existsSync(builtProgram(module, name, environment)),
  );
}

/**
 * Builds in a temporary directory that is moved as a whole, so that two runs may build at once.
 * @throws BuildFailed
 */
export async function build(
  module: GoModule,
  { environment, progress, signal }: Build,
): Promise<void> {
  try {
    await run("go", ["version"], { env: { ...environment } });
  } catch {
    throw new BuildFailed(undefined);
  }
  const directory = buildDirectory(module, environment);
  mkdirSync(join(directory, ".."), { recursive: true });
  const temporary = mkdtempSync(`${directory}-`);
  try {
    progress(`building ${module.title} from its pinned source: once, ${module.duration}`);
    let compiled = 0;
    const count = (packages: number) => {
      const before = compiled;
      compiled += packages;
      if (Math.floor(compiled / 100) > Math.floor(before / 100))
        progress(`  ${compiled} packages compiled`);
    };
    for (const [program, path] of Object.entries(module.programs)) {
      const output = join(temporary, program);
      await goBuild({ module, path, output, environment, count, signal });
      chmodSync(output, 0o755);
    }
    try {
      renameSync(temporary, directory);
    } catch (error) {
      // Another run was faster; its build is the same.
      if (!isBuilt(module, environment)) throw error;
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

interface GoBuild {
  readonly module: GoModule;
  readonly path: string;
  readonly output: string;
  readonly environment: Environment;
  /** Called with how many more packages are compiled. */
  readonly count: (packages: number) => void;
  readonly signal: AbortSignal | undefined;
}

function goBuild({ module, path, output, environment, count, signal }: GoBuild): Promise<void> {
  const flags = ["-v", "-mod=readonly", "-ldflags", `-s -w ${module.linkerFlags}`.trim()];
  const go = spawn("go", ["build", ...flags, "-o", output, path], {
    cwd: sources(module.directory),
    env: { ...environment, CGO_ENABLED: "0" },
    stdio: ["ignore", "ignore", "pipe"],
    signal,
  });
  const words: string[] = [];
  go.stderr.setEncoding("utf8").on("data", (text: string) => {
    const lines = text.split("\n").filter((line) => line !== "");
    // With -v, Go prints a line for each package: its import path, without a space.
    count(lines.filter((line) => !line.includes(" ")).length);
    words.push(...lines.filter((line) => line.includes(" ")));
  });
  return new Promise((resolve, reject) => {
    go.on("error", reject);
    go.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new BuildFailed(words.slice(-10).join("\n")));
    });
  });
}

function buildDirectory(module: GoModule, environment: Environment): string {
  const hash = createHash("sha256").update(module.linkerFlags);
  const directory = sources(module.directory);
  const names = readdirSync(directory).filter((name) => /^go\.(mod|sum)$|\.go$/.test(name));
  for (const name of names.sort()) hash.update(readFileSync(join(directory, name)));
  const platform = `${process.platform}-${process.arch}`;
  const key = `${module.version}-${platform}-${hash.digest("hex").slice(0, 12)}`;
  return join(cacheDirectory(environment), module.name, key);
}

function sources(directory: string): string {
  return join(packageRoot(), "tools", directory);
}

function cacheDirectory(environment: Environment): string {
  const named = environment["XDG_CACHE_HOME"] ?? "";
  // A relative one is to be ignored (XDG Base Directory Specification).
  const cache = isAbsolute(named) ? named : join(environment["HOME"] ?? homedir(), ".cache");
  return join(cache, "openaether");
}
