import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { App, TerraformResource } from "cdktf";
import type { CloudProvider } from "../constructs/cloud-provider";
import { literal } from "../constructs/template";
import { cloudProviders } from "../providers";
import type { InputOptions } from "./config/syntax/input";
import { type Loaded, loadCluster } from "./config/load";
import { ManagementClusterStack } from "./stack/stack";
import { placeLockFile } from "./tofu/lock-file";
import { refuseStrays } from "./tofu/strays";

export interface SynthOptions extends InputOptions {
  /** @default - CDKTF_OUTDIR of the environment, else cdktf.out beside the input's file */
  readonly outdir?: string;
}

export interface Synthesized extends Loaded {
  readonly cloud: CloudProvider;
  /** The folder of the input's file: state, kubeconfig and talosconfig lie there. */
  readonly home: string;
  /** Absolute path of the folder that tofu works in. */
  readonly stackFolder: string;
  /** How many resources the configuration has. */
  readonly resources: number;
}

/** A configuration that nobody has written yet. */
export interface Preview extends Omit<Synthesized, "resources"> {
  /** What `cdk.tf.json` would hold. */
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
    throw withPath(error, place.stackFolder);
  }
  placeLockFile(place.home, place.stackFolder);
  if (!isSet(options.environment["CI"])) prepareState(place.home);
  return { ...place, resources: countResources(stack) };
}

/** When the disk is full, writing fails without saying where. */
function withPath(error: unknown, path: string): unknown {
  return error instanceof Error && "syscall" in error && !("path" in error)
    ? Object.assign(error, { path })
    : error;
}

/**
 * The same, without a file written.
 * @throws what `loadCluster` throws
 */
export async function preview(options: SynthOptions): Promise<Preview> {
  // cdktf makes a folder as soon as it is told of one.
  const folder = mkdtempSync(join(tmpdir(), "openaether-"));
  try {
    const { stack, ...place } = await stackOf(options, folder);
    stack.prepareStack();
    return { ...place, json: stack.toTerraform() as object };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param written Where cdktf writes, when that is not where the stack belongs */
async function stackOf(options: SynthOptions, written?: string) {
  const loaded = await loadCluster(options);
  const { input, spec } = loaded;
  const cloud = cloudProviders[spec.cloud];

  const home = dirname(input.file);
  const outdir = resolve(
    options.folder,
    options.outdir ?? options.environment["CDKTF_OUTDIR"] ?? join(home, "cdktf.out"),
  );
  const stackFolder = join(outdir, "stacks", spec.name);
  refuseStrays(stackFolder);

  const app = new App({ outdir: written ?? outdir });
  const stack = new ManagementClusterStack(app, {
    spec,
    cloud,
    values: input.values,
    // Names of files may hold what tofu would evaluate.
    varFile: literal(basename(input.file)),
    homePath: literal(relative(stackFolder, home)),
    stackPath: literal(relative(home, stackFolder)),
  });
  return { ...loaded, cloud, home, stackFolder, stack };
}

/**
 * An empty state and backup that only their owner can read, before tofu makes them for everyone:
 * both hold every key of the cluster, and tofu keeps the mode of a file that exists. An empty file
 * also lets tofu save all of a first apply when it is interrupted, and counts as no state.
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
