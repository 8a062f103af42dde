import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe } from "@jest/globals";

const run = promisify(execFile);
const sources = join(__dirname, "..", "..", "tools", "machinery");
const programs = ["keys.go", "main.go", "render.go", "validate.go"];

/** The Talos minors whose own library can be called: 9 is Talos 1.9. */
export const machineryMinors = [9, 10, 11, 12, 13, 14];
const newest = 14;
/** The oldest and the newest: those of `npm test`. */
export const sampledMinors = [9, newest];

/** A configuration to validate, or what to render and validate. */
export type Request = { readonly name: string } & (
  | { readonly configuration: string }
  | {
      readonly clusterName: string;
      /** "https://51.15.1.2:6443" */
      readonly endpoint: string;
      readonly machineType: string;
      /** The version contract, "v1.14.1". */
      readonly talosVersion: string;
      readonly kubernetesVersion: string;
      readonly patches: readonly string[];
    }
);

export interface Answer {
  readonly name: string;
  readonly ok: boolean;
  readonly warnings: readonly string[];
  /** Talos's messages; empty when the configuration is accepted. */
  readonly error: string;
  /** What was validated; empty when it could not be rendered. */
  readonly configuration: string;
}

/** Go's version, or undefined where there is no Go, or one too old for the module. */
const goVersion = ((): string | undefined => {
  try {
    goCommand("list", "-m");
    return goCommand("env", "GOVERSION");
  } catch {
    return undefined;
  }
})();

function goCommand(...args: string[]): string {
  return execFileSync("go", args, { cwd: sources, encoding: "utf8", stdio: "pipe" }).trim();
}

/** As `describe` where there is Go; elsewhere one line says what is skipped. */
export function describeWithGo(title: string, tests: () => void): void {
  if (goVersion === undefined) {
    process.stderr.write(`Skipped, for want of Go 1.26.6 or newer: ${title}\n`);
    describe.skip(title, tests);
  } else {
    describe(title, tests);
  }
}

/** Talos's own library of one minor: how a node of that minor validates a machine configuration. */
export class Machinery {
  private constructor(private readonly path: string) {}

  /** Builds it where the cache does not have it: half a minute, more under load. */
  static async of(minor: number): Promise<Machinery> {
    const directory = cacheDirectory(minor);
    const path = join(directory, "machinery");
    if (!existsSync(path)) await build(minor, directory);
    return new Machinery(path);
  }

  /** The keys that it knows, as JSON. */
  async keys(): Promise<string> {
    return (await run(this.path, ["keys"])).stdout;
  }

  /** The answers, in the requests' order. */
  async ask(requests: readonly Request[]): Promise<Answer[]> {
    const child = run(this.path, { maxBuffer: 64 * 1024 * 1024 });
    child.child.stdin?.end(requests.map((request) => JSON.stringify(request)).join("\n"));
    const { stdout } = await child;
    const lines = stdout.split("\n").filter((line) => line !== "");
    if (lines.length !== requests.length)
      throw new Error(`${lines.length} answers to ${requests.length} requests`);
    return lines.map((line) => JSON.parse(line) as Answer);
  }
}

/** go.mod is the newest minor's, so that plain Go commands work; the others' are beside it. */
function moduleFile(minor: number): string {
  return minor === newest ? "go.mod" : `v1.${minor}.mod`;
}

/** One directory for each version of the sources, of Go and of the library; outside the checkout. */
function cacheDirectory(minor: number): string {
  const module = moduleFile(minor);
  const hash = createHash("sha256").update(`${goVersion}\n`);
  for (const name of [...programs, module, module.replace(/mod$/, "sum")])
    hash.update(readFileSync(join(sources, name)));
  const { XDG_CACHE_HOME, HOME } = process.env;
  const cache = XDG_CACHE_HOME ?? join(HOME ?? homedir(), ".cache");
  const key = `v1.${minor}-${process.platform}-${process.arch}-${hash.digest("hex").slice(0, 12)}`;
  return join(cache, "openaether", "machinery", key);
}

/** Built in a temporary directory and moved as a whole, so that two runs may build at once. */
async function build(minor: number, directory: string): Promise<void> {
  mkdirSync(join(directory, ".."), { recursive: true });
  const temporary = mkdtempSync(`${directory}-`);
  try {
    const output = join(temporary, "machinery");
    const flags = ["-mod=readonly", "-buildvcs=false", `-modfile=${moduleFile(minor)}`];
    await run("go", ["build", ...flags, "-ldflags=-s -w", "-o", output, "."], {
      cwd: sources,
      env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off" },
    });
    try {
      renameSync(temporary, directory);
    } catch (error) {
      // Another run was faster; its build is the same.
      if (!existsSync(join(directory, "machinery"))) throw error;
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
