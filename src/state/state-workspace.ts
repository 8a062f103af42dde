import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { literal } from "../../constructs/template";
import { captureTofu, type Captured, TofuFailure, wordsOf } from "../tofu/process";
import { type StateParts, withStateParts } from "./state-parts";

export interface WorkspaceOptions {
  /** To be created, and deleted by `end`. */
  readonly directory: string;
  /** Where the state is: `terraform.backend`. */
  readonly backend: object;
  readonly parts: StateParts;
  readonly tofuPath: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A state in a file. @param path Absolute */
export function fileBackend(path: string): object {
  return { local: { path: literal(path) } };
}

/** A configuration of nothing but a state's place and its encryption: reads and writes it without providers. */
export class StateWorkspace {
  private constructor(private readonly options: WorkspaceOptions) {}

  /** @throws UserError with tofu's message */
  static async in(options: WorkspaceOptions): Promise<StateWorkspace> {
    const { directory, backend, parts } = options;
    const workspace = new StateWorkspace(options);
    workspace.end();
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(
      join(directory, "state.tf.json"),
      JSON.stringify(withStateParts({ terraform: { backend } }, parts)),
      { mode: 0o600 },
    );
    await workspace.must("init");
    return workspace;
  }

  /** The state in clear. @throws UserError with tofu's message */
  pull(): Promise<string> {
    return this.must("state", "pull");
  }

  /** Writes it, encrypted as configured; it is on no disk in clear. @throws UserError with tofu's message */
  async push(state: string): Promise<void> {
    // A fresh file has no lock to wait for, and tofu's backup of it would be beside it.
    succeeded("state push", await this.run(["state", "push", "-"], state));
  }

  end(): void {
    rmSync(this.options.directory, { recursive: true, force: true });
  }

  private async must(...args: string[]): Promise<string> {
    return succeeded(args.join(" "), await this.run(args));
  }

  private run(args: readonly string[], input?: string): Promise<Captured> {
    const { tofuPath, directory, environment } = this.options;
    return captureTofu(tofuPath, [`-chdir=${directory}`, ...args], {
      environment,
      ...(input === undefined ? {} : { input }),
    });
  }
}

function succeeded(command: string, captured: Captured): string {
  if (captured.code === 0) return captured.output;
  throw new TofuFailure(`tofu ${command} failed:\n\n${wordsOf(captured)}`);
}
