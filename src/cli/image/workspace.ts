import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { CloudInfo } from "../../../constructs/cloud-info";
import type { ClusterSpec } from "../../../constructs/model/cluster-spec";
import type { ImageRecord } from "../../../constructs/model/image";
import { literal } from "../../../constructs/template";
import { cloudProviders } from "../../../providers";
import { cloudInfo } from "../../../providers/info";
import { UserError } from "../../errors";
import { imagesStack, type StackImage } from "../../stack/images-stack";
import { findTofu, type Tofu } from "../../tofu/binary";
import { reviewedEnvironment } from "../../tofu/environment";
import { captureTofu, type Captured, wordsOf } from "../../tofu/process";
import {
  imagesStateName,
  prepareStateFiles,
  type ReadState,
  readStateFile,
  truncatedState,
} from "../../tofu/state-file";
import { refuseStrays } from "../../tofu/strays";
import { writeWhole } from "../../whole-file";
import { loadInput } from "../cluster/cluster";
import type { ClusterOptions } from "../cluster/directory";
import { recordsIn } from "../cluster/image-records";
import { initialize } from "../cluster/preparation";
import { runDirectory } from "../cluster/run-directory";
import type { ProviderSource } from "../recovery/provider-directory";
import { busy, otherCommand } from "./claim";

const stackFile = "cdk.tf.json";

/** The images of a directory: what tofu.tfvars needs, their stack and their state. */
export class ImageWorkspace implements ProviderSource {
  /** It holds no secret, and is not encrypted. */
  readonly stateParts = {};

  private constructor(
    readonly spec: ClusterSpec,
    /** Absolute: the directory of tofu.tfvars and of the images' state. */
    readonly home: string,
    /** Absolute: tofu's working directory. */
    readonly stackDirectory: string,
    readonly tofu: Tofu,
  ) {}

  /** @throws the input's problems; UserError */
  static async open(options: ClusterOptions, say: (text: string) => void): Promise<ImageWorkspace> {
    const { input, spec } = await loadInput(options);
    const home = dirname(input.file);
    const outdir = resolve(home, process.env["CDKTF_OUTDIR"] ?? "cdktf.out");
    const stackDirectory = join(outdir, "images");
    refuseStrays(stackDirectory);
    const tofu = await findTofu({ environment: process.env, progress: say });
    return new ImageWorkspace(spec, home, stackDirectory, tofu);
  }

  get cloud(): CloudInfo {
    return cloudInfo[this.spec.cloud];
  }

  get immutable() {
    const { cloud, region, zone } = this.spec;
    return { cloud, region, zone };
  }

  /** "prod on Scaleway, fr-par" */
  get title(): string {
    const { name, region } = this.spec;
    return `${name} on ${this.isSimulated ? "a simulated " : ""}${this.cloud.title}, ${region}`;
  }

  get isSimulated(): boolean {
    return (process.env["TF_REATTACH_PROVIDERS"] ?? "") !== "";
  }

  /** The command line's own files about images, readable by their owner only. */
  get memory(): string {
    const directory = join(this.home, ".openaether", "images");
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return directory;
  }

  get scratch(): string {
    return runDirectory(this.memory);
  }

  get reviewedEnvironment(): Record<string, string> {
    return reviewedEnvironment(process.env, {});
  }

  /** What was created, or begun. @throws UserError when the state cannot be read */
  get state(): ReadState {
    const { home } = this;
    const file = join(home, imagesStateName);
    if (truncatedState(home, imagesStateName) !== undefined) {
      throw new UserError(
        `${file} is truncated. image create, and image delete, restore it from its backup.`,
      );
    }
    if (!existsSync(file) || readFileSync(file, "utf8").trim() === "")
      return { resources: [], outputs: {} };
    const state = readStateFile(home, imagesStateName);
    if (state !== undefined) return state;
    throw new UserError(
      `${file} is not a state of a version that is known here. Restore it from a copy, or from ${imagesStateName}.backup.`,
    );
  }

  /** The images that were begun, in the order of their addresses. */
  get records(): ImageRecord[] {
    return recordsIn(this.state);
  }

  /** Whether a resource exists and is complete, as far as the state says. */
  has(address: string): boolean {
    return this.state.resources.some((one) => one.address === address && !one.tainted);
  }

  /** Its id in the state, complete or not. */
  idOf(address: string): string | undefined {
    const id = this.state.resources.find((one) => one.address === address)?.values["id"];
    return typeof id === "string" ? id : undefined;
  }

  /**
   * Prepares for reading from the cloud. The stack that another command works with is left as it is.
   * @throws UserError before that command has written it
   */
  async prepareReading(): Promise<void> {
    const other = otherCommand(this.memory);
    if (other === undefined) return this.synthesizeRecords();
    if (!existsSync(join(this.stackDirectory, stackFile))) throw busy(other);
  }

  /** Writes the stack, and prepares tofu for it. @throws UserError with tofu's message */
  async synthesize(
    images: readonly StackImage[],
    imports: ReadonlyMap<string, string> = new Map(),
  ): Promise<void> {
    const { spec, home, stackDirectory } = this;
    const json = await imagesStack({
      spec,
      cloud: cloudProviders[spec.cloud],
      images,
      imports,
      homePath: literal(relative(stackDirectory, home)),
    });
    mkdirSync(stackDirectory, { recursive: true });
    // Others may read it at any time.
    writeWhole(join(stackDirectory, stackFile), JSON.stringify(json, undefined, 2));
    prepareStateFiles(home, imagesStateName);
    await initialize(this);
  }

  /** Writes the stack of what was begun. @throws UserError with tofu's message */
  async synthesizeRecords(): Promise<void> {
    await this.synthesize(this.records.map((image) => ({ image, isProtected: true })));
  }

  /** Runs tofu to completion, and returns its output. */
  run(...args: string[]): Promise<Captured> {
    return captureTofu(this.tofu.path, [`-chdir=${this.stackDirectory}`, ...args], {
      environment: this.reviewedEnvironment,
    });
  }

  /** The same; a failure throws. @throws UserError with tofu's message */
  async must(...args: string[]): Promise<string> {
    const captured = await this.run(...args);
    if (captured.code === 0) return captured.output;
    // Without the explanations of a cluster's state and its bucket: this one is a file in clear.
    throw new UserError(`tofu ${args[0] ?? ""} failed:\n\n${wordsOf(captured)}`);
  }

  /** tofu's backup of it goes into this run's directory: by default it would stay beside the state. */
  async removeFromState(addresses: readonly string[]): Promise<void> {
    const backup = join(this.scratch, "before-removal.tfstate");
    await this.must("state", "rm", `-backup=${backup}`, ...addresses);
  }
}
