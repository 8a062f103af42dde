import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { tofuBinary } from "./tofu";
import { sshKeyPair } from "../../simulator/utility/ssh-key-pair";

const root = join(__dirname, "..", "..");

export interface CommandResult {
  readonly code: number | null;
  readonly output: string;
}

/** A copy of this checkout, with `tofu` on the PATH: what a user has after a clone and `npm ci`. */
export class Checkout {
  /** An unusual path: what is documented works there too. */
  readonly directory = mkdtempSync(join(tmpdir(), "checkout é %h '${x} "));
  readonly key = sshKeyPair();
  private readonly programs = mkdtempSync(join(tmpdir(), "programs-"));

  constructor() {
    const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
      cwd: root,
      encoding: "utf8",
    });
    for (const file of files
      .split("\n")
      .filter((name) => name !== "" && !name.startsWith("test/"))
      .filter((name) => existsSync(join(root, name)))) {
      mkdirSync(dirname(join(this.directory, file)), { recursive: true });
      // With their times, so that nothing looks newer than its build.
      cpSync(join(root, file), join(this.directory, file), { preserveTimestamps: true });
    }
    for (const name of ["node_modules", "dist"])
      symlinkSync(join(root, name), join(this.directory, name));
    symlinkSync(tofuBinary(), join(this.programs, "tofu"));
  }

  /** Runs a script in a user's shell, to completion. */
  run(script: string, environment: Record<string, string> = {}): Promise<CommandResult> {
    const child = spawn("bash", ["-e", "-c", script], {
      cwd: this.directory,
      env: {
        PATH: `${this.programs}:${process.env["PATH"] ?? ""}`,
        HOME: process.env["HOME"],
        CHECKPOINT_DISABLE: "1",
        TF_CLI_CONFIG_FILE: "/dev/null",
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const take = (text: Buffer) => (output += text.toString());
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        resolve({ code, output });
      });
    });
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
    rmSync(this.programs, { recursive: true, force: true });
  }
}
