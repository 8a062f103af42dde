import { execFile } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../../constructs/package-root";
import { temporaryDirectory } from "./input";

const root = packageRoot();
const run = promisify(execFile);

/** What a user's own app has installed; each is a directory of this checkout's. */
const installed = ["cdktf", "constructs", "@cdktf/provider-null", "@types/node", "typescript"];

/** A user's own app, in a directory that has this package installed. */
export class ForeignApp {
  readonly directory = temporaryDirectory();

  /** @param files Their content by name, in addition to a copy of the example's */
  constructor(example: string | undefined, files: Readonly<Record<string, string>>) {
    if (example !== undefined) {
      cpSync(join(root, "examples", example), this.directory, { recursive: true });
    }
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(this.directory, name), content);
    }
    for (const name of installed) this.link(name, join(root, "node_modules", name));
    this.link("openaether", root);
  }

  private link(name: string, target: string): void {
    const place = join(this.directory, "node_modules", name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(target, place);
  }

  /** Checks the types, and compiles. @throws Error with the compiler's output */
  async compile(): Promise<void> {
    await this.node(join(root, "node_modules", "typescript", "bin", "tsc"));
  }

  /** What it printed. @throws Error with its output where it fails */
  async node(...args: string[]): Promise<string> {
    const options = { cwd: this.directory, env: { PATH: process.env["PATH"] } };
    const { stdout, stderr } = await run(process.execPath, args, options).catch(
      (error: unknown) => {
        const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
        throw new Error(`${stdout}${stderr}`);
      },
    );
    return `${stdout}${stderr}`;
  }

  /** The directory of a stack that it synthesized. */
  stack(name: string): string {
    return join(this.directory, "cdktf.out", "stacks", name);
  }
}
