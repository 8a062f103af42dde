import { join, resolve } from "node:path";
import type { CloudInfo } from "../../../constructs/cloud-info";
import { cloudInfo } from "../../../providers/info";
import { UserError } from "../../errors";
import { withoutSecrets } from "../../view/secrets";
import { synthesize, type Synthesized } from "../../synth";
import { findTofu, presentTofu, type Tofu } from "../../tofu/binary";
import { personEnvironment } from "../../tofu/environment";
import { captureTofu, type Captured, TofuFailure, wordsOf } from "../../tofu/process";
import { parsePlan, parseState, type ShownPlan, type ShownState } from "../../tofu/show-json";
import { refuseStrays } from "../../tofu/strays";
import { ClusterDirectory, type ClusterOptions } from "./directory";

export type { ClusterOptions } from "./directory";

/** A cluster with its directory: the input, the synthesized configuration, the state. */
export class Cluster extends ClusterDirectory {
  private constructor(
    directory: ClusterDirectory,
    readonly tofu: Tofu,
    /** Undefined for what was synthesized before. */
    readonly synthesized?: Synthesized,
  ) {
    super(directory.home, directory.stackDirectory, directory.varFile);
  }

  /**
   * Checks the input and synthesizes it.
   * @throws the input's problems; UserError
   */
  static async synthesize(options: ClusterOptions, progress: (text: string) => void) {
    const directory = resolve(options.dir ?? ".");
    // Its version is queried meanwhile; nothing is built before the input is known to be valid.
    const present = presentTofu({ environment: process.env });
    present.catch(() => undefined);
    const synthesized = await synthesize({
      directory,
      file: options.file,
      environment: inputOf(process.env),
    });
    const { home, stackDirectory, input } = synthesized;
    const tofu = (await present) ?? (await findTofu({ environment: process.env, progress }));
    const cluster = new Cluster(
      new ClusterDirectory(home, stackDirectory, input.fileName),
      tofu,
      synthesized,
    );
    return Object.assign(cluster, { synthesized });
  }

  /**
   * What was synthesized last, whatever the input says now.
   * @throws UserError when there is none, or more than one
   */
  static async synthesizedBefore(options: ClusterOptions, progress: (text: string) => void) {
    const directory = ClusterDirectory.find(options);
    refuseStrays(directory.stackDirectory);
    return new Cluster(directory, await findTofu({ environment: process.env, progress }));
  }

  get cloud(): CloudInfo {
    return cloudInfo[this.immutable.cloud];
  }

  /** Runs tofu to completion, and returns its output. */
  run(...args: string[]): Promise<Captured> {
    return this.runIn(this.stackDirectory, ...args);
  }

  /** The same in another directory. */
  runIn(directory: string, ...args: string[]): Promise<Captured> {
    return captureTofu(this.tofu.path, [`-chdir=${directory}`, ...args], {
      environment: personEnvironment(process.env),
    });
  }

  /** The same; a failure throws. @throws UserError with tofu's message */
  async must(...args: string[]): Promise<string> {
    const captured = await this.run(...args);
    if (captured.code !== 0) {
      throw new TofuFailure(`tofu ${args[0] ?? ""} failed:\n\n${wordsOf(captured)}`);
    }
    return captured.output;
  }

  /** tofu's backup of it goes into this run's directory: by default it would stay beside the configuration. */
  async removeFromState(addresses: readonly string[]): Promise<void> {
    const backup = join(this.scratch, "before-removal.tfstate");
    await this.must("state", "rm", `-backup=${backup}`, ...addresses);
  }

  /** @throws UserError when it cannot be read */
  shownState(): Promise<ShownState> {
    return this.shown(parseState);
  }

  /** @param file What `tofu plan -out` has written. @throws UserError */
  shownPlan(file: string): Promise<ShownPlan> {
    return this.shown(parsePlan, file);
  }

  private async shown<Shown>(parse: (text: string) => Shown, ...file: string[]): Promise<Shown> {
    const text = await this.must("show", "-json", ...file);
    try {
      return parse(text);
    } catch {
      // Warnings precede the JSON when the configuration has some.
      throw new UserError(`tofu show -json printed no JSON:\n\n${withoutSecrets(text.trim())}`);
    }
  }
}

/** The environment's variables that count as input. Settings that would change a plain tofu are not passed on. */
export function inputOf(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => name.startsWith("TF_VAR_") || name === "CDKTF_OUTDIR",
    ),
  );
}
