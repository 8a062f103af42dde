import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CloudInfo } from "../../../constructs/cloud-info";
import { cloudInfo } from "../../../providers/info";
import { UserError } from "../../errors";
import { withoutSecrets } from "../../view/secrets";
import { type Loaded, loadCluster } from "../../config/load";
import { type LoadedHere, synthesize, type Synthesized } from "../../synth";
import { findTofu, presentTofu, type Tofu } from "../../tofu/binary";
import { personEnvironment, reviewedEnvironment } from "../../tofu/environment";
import { bucketVariables } from "../../state/bucket-variables";
import { stateVariables } from "../../state/passphrase";
import { checkStatePlace } from "../../state/state-place";
import { checkStateForm } from "../../state/state-form";
import {
  formOfState,
  type ReadState,
  readStateText,
  type StateFile,
  stateFileName,
} from "../../tofu/state-file";
import { type StateParts, statePartsOf } from "../../state/state-parts";
import { fileBackend, StateWorkspace } from "../../state/state-workspace";
import { writeWhole } from "../../whole-file";
import { captureTofu, type Captured, TofuFailure, wordsOf } from "../../tofu/process";
import { parsePlan, parseState, type ShownPlan, type ShownState } from "../../tofu/show-json";
import { refuseStrays } from "../../tofu/strays";
import { ClusterDirectory, type ClusterOptions } from "./directory";
import { recordingLock } from "./held-lock";

export type { ClusterOptions } from "./directory";

/** A cluster with its directory: the input, the synthesized configuration, the state. */
export class Cluster extends ClusterDirectory {
  private constructor(
    directory: ClusterDirectory,
    readonly tofu: Tofu,
    /** What reads the state, and decrypts it: variables of tofu's environment. */
    private readonly stateKey: Readonly<Record<string, string>>,
    /** Undefined for what was synthesized before. */
    readonly synthesized?: Synthesized,
  ) {
    super(directory.home, directory.stackDirectory, directory.varFile);
  }

  /**
   * Checks the input and synthesizes it.
   * @param isMoved Whether the state was just moved: what was synthesized last names its former place
   * @throws the input's problems; UserError
   */
  static async synthesize(
    options: ClusterOptions,
    progress: (text: string) => void,
    { isMoved = false }: { readonly isMoved?: boolean } = {},
  ) {
    const directory = resolve(options.dir ?? ".");
    // Its version is queried meanwhile; nothing is built before the input is known to be valid.
    const present = presentTofu({ environment: process.env });
    present.catch(() => undefined);
    let stateKey: Readonly<Record<string, string>> = {};
    const synthesized = await synthesize({
      directory,
      file: options.file,
      environment: inputOf(process.env),
      beforeWriting: async ({ state, bucket, home }) => {
        if (!isMoved) checkStatePlace(home, bucket, ClusterDirectory.present(options));
        stateKey = await stateKeyOf({ home, state, bucket });
      },
    });
    const { home, stackDirectory, input } = synthesized;
    const tofu = (await present) ?? (await findTofu({ environment: process.env, progress }));
    const cluster = new Cluster(
      new ClusterDirectory(home, stackDirectory, input.fileName),
      tofu,
      stateKey,
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
    const { home, state, bucket } = directory;
    checkStateForm(home, state, process.env);
    const stateKey = await stateKeyOf({ home, state, bucket });
    const tofu = await findTofu({ environment: process.env, progress });
    return new Cluster(directory, tofu, stateKey);
  }

  /** The encryption of the state, as it was synthesized. */
  get stateParts(): StateParts {
    const file = join(this.stackDirectory, "cdk.tf.json");
    return statePartsOf(JSON.parse(readFileSync(file, "utf8")) as object);
  }

  /** The environment of every tofu on this cluster. */
  get environment(): Record<string, string> {
    return personEnvironment(process.env, this.stateKey);
  }

  /** The same for a configuration that was reviewed before: its own values apply, whatever the input says. */
  get reviewedEnvironment(): Record<string, string> {
    return reviewedEnvironment(process.env, this.stateKey);
  }

  get cloud(): CloudInfo {
    return cloudInfo[this.immutable.cloud];
  }

  /** Runs tofu to completion, and returns its output. */
  run(...args: string[]): Promise<Captured> {
    return this.runIn(this.stackDirectory, ...args);
  }

  /** Replaces the state, which is on no disk in clear meanwhile. @throws UserError with tofu's message */
  async pushState(state: StateFile): Promise<void> {
    const args = ["state", "push", "-"];
    const captured = await recordingLock(
      this,
      args,
      () =>
        captureTofu(this.tofu.path, [`-chdir=${this.stackDirectory}`, ...args], {
          environment: this.environment,
          input: JSON.stringify(state),
        }),
      wordsOf,
    );
    if (captured.code !== 0)
      throw new TofuFailure(`tofu state push failed:\n\n${wordsOf(captured)}`);
  }

  /**
   * Writes another state into a file of this run, encrypted as the cluster's own is.
   * @throws UserError with tofu's message
   */
  async writeStateCopy(name: string, state: StateFile): Promise<string> {
    const file = join(this.scratch, name);
    const isEncrypted = formOfState(this.home, stateFileName) !== "in clear";
    writeWhole(file, isEncrypted ? "" : JSON.stringify(state));
    if (!isEncrypted) return file;
    const workspace = await StateWorkspace.in({
      directory: join(this.scratch, "state"),
      backend: fileBackend(file),
      parts: this.stateParts,
      tofuPath: this.tofu.path,
      environment: this.environment,
    });
    await workspace.push(JSON.stringify(state));
    workspace.end();
    return file;
  }

  /** The same in another directory. */
  runIn(directory: string, ...args: string[]): Promise<Captured> {
    return recordingLock(
      this,
      args,
      () =>
        captureTofu(this.tofu.path, [`-chdir=${directory}`, ...args], {
          environment: this.environment,
        }),
      wordsOf,
    );
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

  /**
   * The state in clear, wherever it is kept: a plain file is read without a process.
   * @throws UserError when it cannot be read
   */
  async readState(): Promise<ReadState> {
    const local = this.localState();
    if (local !== undefined) return local;
    const none = { resources: [], outputs: {} };
    // Without a file tofu would be asked for nothing; its lock creates an empty one.
    if (this.bucket === undefined && isMissingOrEmpty(join(this.home, stateFileName))) return none;
    const text = await this.must("state", "pull");
    const state = text.trim() === "" ? none : readStateText(text);
    if (state === undefined) {
      throw new UserError("tofu state pull printed no state of a version that is known here.");
    }
    return state;
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

function isMissingOrEmpty(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined || (found.isFile() && found.size === 0);
}

/** What reads the state and decrypts it. @throws UserError without a passphrase, or credentials for its bucket */
async function stateKeyOf({
  home,
  state,
  bucket,
}: Pick<LoadedHere, "home" | "state" | "bucket">): Promise<Readonly<Record<string, string>>> {
  return {
    ...bucketVariables(bucket, process.env),
    ...(await stateVariables(state, { home, environment: process.env })),
  };
}

/** The input as it is now, checked. @throws what `loadCluster` throws */
export function loadInput(options: ClusterOptions): Promise<Loaded> {
  return loadCluster({
    directory: resolve(options.dir ?? "."),
    file: options.file,
    environment: inputOf(process.env),
  });
}

/** The environment's variables that count as input. Settings that would change a plain tofu are not passed on. */
export function inputOf(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => name.startsWith("TF_VAR_") || name === "CDKTF_OUTDIR" || name === "TF_ENCRYPTION",
    ),
  );
}
