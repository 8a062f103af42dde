import { closeSync, openSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { App, TerraformResource } from "cdktf";
import type { CloudProvider } from "../constructs/cloud-provider";
import { literal } from "../constructs/template";
import { cloudProviders } from "../providers";
import type { InputOptions } from "./config/syntax/input";
import { type Loaded, loadCluster } from "./config/load";
import { ManagementClusterStack } from "./stack/stack";
import { withTemporaryOutput } from "./stack/temporary-output";
import { placeLockFile } from "./tofu/lock-file";
import { refuseStrays } from "./tofu/strays";

export interface SynthOptions extends InputOptions {
  /** @default - CDKTF_OUTDIR of the environment, otherwise cdktf.out beside the input's file */
  readonly outdir?: string;
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
  const { stack, ...place } = await stackOf(options);
  try {
    App.of(stack).synth();
  } catch (error) {
    throw withPath(error, place.stackDirectory);
  }
  placeLockFile(place.home, place.stackDirectory);
  if (!isSet(options.environment["CI"])) prepareState(place.home);
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

/** @param written Where cdktf writes, when that is not the stack's final directory */
async function stackOf(options: SynthOptions, written?: string) {
  const loaded = await loadCluster(options);
  const { input, spec } = loaded;
  const cloud = cloudProviders[spec.cloud];

  const home = dirname(input.file);
  const outdir = resolve(
    options.directory,
    options.outdir ?? options.environment["CDKTF_OUTDIR"] ?? join(home, "cdktf.out"),
  );
  const stackDirectory = join(outdir, "stacks", spec.name);
  refuseStrays(stackDirectory);

  const app = new App({ outdir: written ?? outdir });
  const stack = new ManagementClusterStack(app, {
    spec,
    cloud,
    values: input.values,
    files: input.files.read,
    // File names may contain what tofu would evaluate.
    varFile: literal(basename(input.file)),
    homePath: literal(relative(stackDirectory, home)),
    stackPath: literal(relative(home, stackDirectory)),
  });
  return { ...loaded, cloud, home, stackDirectory, stack };
}

/**
 * Creates an empty state and backup that only their owner can read, before tofu would create them
 * for everyone: both contain every key of the cluster, and tofu keeps the mode of an existing file.
 * An empty file also lets tofu save all of a first apply when it is interrupted, and counts as no
 * state.
 */
function prepareState(home: string): void {
  for (const name of ["cluster.tfstate", "cluster.tfstate.backup"]) {
    try {
      closeSync(openSync(join(home, name), "wx", 0o600));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

function countResources(stack: ManagementClusterStack): number {
  return stack.node.findAll().filter((node) => TerraformResource.isTerraformResource(node)).length;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "false";
}
