import { basename, dirname, join, relative, resolve } from "node:path";
import { App, TerraformResource } from "cdktf";
import type { CloudProvider } from "../constructs/cloud-provider";
import { literal } from "../constructs/template";
import { cloudProviders } from "../providers";
import type { InputOptions } from "./config/syntax/input";
import { type Loaded, loadCluster } from "./config/load";
import type { StateSettings } from "./config/state-settings";
import { ManagementClusterStack } from "./stack/stack";
import { withTemporaryOutput } from "./stack/temporary-output";
import { placeLockFile } from "./tofu/lock-file";
import { checkStateForm } from "./state/state-form";
import { prepareStateFiles } from "./tofu/state-file";
import { refuseStrays } from "./tofu/strays";

export interface SynthOptions extends InputOptions {
  /** @default - CDKTF_OUTDIR of the environment, otherwise cdktf.out beside the input's file */
  readonly outdir?: string;
  /** Called once the input is valid, before anything is written. @default - nothing to do */
  readonly beforeWriting?: (loaded: LoadedHere) => void | Promise<void>;
  /** The state of a rehearsal: encrypted with a passphrase, whatever else tofu.tfvars names. @default false */
  readonly isRehearsal?: boolean;
}

/** A valid input, and its directory. */
export interface LoadedHere extends Loaded {
  readonly home: string;
}

export interface Synthesized extends Loaded {
  readonly cloud: CloudProvider;
  /** The directory of the input's file, and of state, kubeconfig and talosconfig. */
  readonly home: string;
  /** Absolute path of tofu's working directory. */
  readonly stackDirectory: string;
  /** Number of resources in the configuration. */
  readonly resources: number;
}

/** A configuration that is not written yet. */
export interface Preview extends Omit<Synthesized, "resources"> {
  /** The content of `cdk.tf.json`. */
  readonly json: object;
}

/**
 * From the input to `cdk.tf.json`. Everything is checked before anything is written.
 * @throws what `loadCluster` throws
 */
export async function synthesize(options: SynthOptions): Promise<Synthesized> {
  const { stack, ...place } = await stackOf(options, undefined, async (loaded) => {
    if (options.isRehearsal !== true) {
      checkStateForm(loaded.home, loaded.state, options.environment);
    }
    await options.beforeWriting?.(loaded);
  });
  try {
    App.of(stack).synth();
  } catch (error) {
    throw withPath(error, place.stackDirectory);
  }
  placeLockFile(place.home, place.stackDirectory);
  if (place.bucket === undefined && !isSet(options.environment["CI"]))
    prepareStateFiles(place.home);
  return { ...place, resources: countResources(stack) };
}

/** When the disk is full, a write fails without the path. */
function withPath(error: unknown, path: string): unknown {
  return error instanceof Error && "syscall" in error && !("path" in error)
    ? Object.assign(error, { path })
    : error;
}

/**
 * The same without writing a file.
 * @throws what `loadCluster` throws
 */
export function preview(options: SynthOptions): Promise<Preview> {
  return withTemporaryOutput(async (outdir) => {
    const { stack, ...place } = await stackOf(options, outdir);
    stack.prepareStack();
    return { ...place, json: stack.toTerraform() as object };
  });
}

/**
 * @param written Where cdktf writes, when that is not the stack's final directory
 * @param beforeWriting Called before cdktf creates its directory
 */
async function stackOf(
  options: SynthOptions,
  written?: string,
  beforeWriting?: SynthOptions["beforeWriting"],
) {
  const loaded = await loadCluster(options);
  const { input, spec } = loaded;
  const state = options.isRehearsal === true ? rehearsed(loaded.state) : loaded.state;
  // A rehearsal keeps its own, beside its input.
  const bucket = options.isRehearsal === true ? undefined : loaded.bucket;
  const cloud = cloudProviders[spec.cloud];

  const home = dirname(input.file);
  const outdir = resolve(
    options.directory,
    options.outdir ?? options.environment["CDKTF_OUTDIR"] ?? join(home, "cdktf.out"),
  );
  const stackDirectory = join(outdir, "stacks", spec.name);
  refuseStrays(stackDirectory);
  await beforeWriting?.({ ...loaded, state, home });

  const app = new App({ outdir: written ?? outdir });
  const stack = new ManagementClusterStack(app, {
    spec,
    cloud,
    state,
    bucket,
    values: input.values,
    files: input.files.read,
    // File names may contain what tofu would evaluate.
    varFile: literal(basename(input.file)),
    homePath: literal(relative(stackDirectory, home)),
    stackPath: literal(relative(home, stackDirectory)),
  });
  return { ...loaded, state, bucket, cloud, home, stackDirectory, stack };
}

/** A rehearsal asks no key server. */
function rehearsed(state: StateSettings | undefined): StateSettings | undefined {
  const isEncrypted = state !== undefined && state.encryption !== "none";
  return isEncrypted ? { encryption: "passphrase", source: {} } : state;
}

function countResources(stack: ManagementClusterStack): number {
  return stack.node.findAll().filter((node) => TerraformResource.isTerraformResource(node)).length;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "false";
}
