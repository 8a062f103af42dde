import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { StateSettings } from "../../config/state-settings";
import { UserError } from "../../errors";
import { type Bucket, isSameBucket, titleOf } from "../../object-store/bucket";
import { ObjectStore } from "../../object-store/object-store";
import { ObjectStoreError } from "../../object-store/object-store-error";
import { clustersAmong, keysPrefix, stateKey } from "../../state/bucket-keys";
import { environmentVariable, stateVariables } from "../../state/passphrase";
import { print } from "../../view/output";
import { stateFileName } from "../../tofu/state-file";
import { Cluster, loadInput } from "../cluster/cluster";
import { initialize } from "../cluster/preparation";
import { exitStatus } from "../exit-status";
import type { Prompter } from "../terminal/prompter";
import { type BucketOptions, findBucket } from "./find-bucket";
import { checkForm, readStored, type StoredCluster } from "./stored-cluster";
import { environmentFileName, writeDirectory, writeState } from "./write-directory";

export interface AttachOptions extends BucketOptions {
  /** @default - the current directory */
  readonly dir?: string;
  /** The name of the cluster, where the bucket has several. */
  readonly cluster?: string;
}

/**
 * Writes the directory of a cluster whose state is in a bucket: its input as it was applied, the lock
 * file, kubeconfig and talosconfig. Neither the cloud nor the bucket is changed, and no file is replaced.
 * @param prompter Undefined where there is no terminal
 * @returns the exit status
 * @throws ObjectStoreError; UserError, with nothing written
 */
export async function attach(
  options: AttachOptions,
  prompter: Prompter | undefined,
): Promise<number> {
  const home = resolve(options.dir ?? ".");
  const { bucket, settings: given } = await findBucket(options, prompter);
  const store = new ObjectStore(bucket, process.env);
  const name = await chosenCluster(store, options.cluster, prompter);
  const object = await store.get(stateKey(name));
  if (object === undefined) throw new UserError(`${titleOf(bucket)} has no state of ${name}.`);
  const settings = (process.env["TF_ENCRYPTION"] ?? "") === "" ? given : undefined;
  checkForm(object.body, settings, name);
  const key = await keyOf(settings, home, prompter);
  const stored = await readStored(store, name, object.body, { settings, key });

  const isSimulated = (process.env["TF_REATTACH_PROVIDERS"] ?? "") !== "";
  const written = writeDirectory(home, stored, isSimulated);
  print(
    `${name}: ${written.length === 0 ? "everything is here already" : `wrote ${written.join(", ")}`}.`,
  );
  // For this run; the user sets them for the next ones.
  for (const [variable, value] of Object.entries({ ...stored.kept.environment, ...key })) {
    process.env[variable] ??= value;
  }
  const input = { dir: home, file: stored.kept.varFile };
  const loaded = await loadInput(input);
  const lost = await lostPlace(loaded.bucket, bucket, name);
  if (loaded.bucket === undefined || lost !== undefined) writeState(home, stored);
  if (lost === undefined) await initialize(await Cluster.synthesize(input, print));
  print(`\n${nextSteps(home, loaded.state, stored)}`);
  if (lost !== undefined) print(`\n${lost}`);
  return exitStatus.done;
}

/**
 * What to do where this is a copy, and the bucket of tofu.tfvars has no state.
 * @param should Where the state is, by tofu.tfvars; undefined: in a file
 * @returns undefined where it is there
 */
async function lostPlace(
  should: Bucket | undefined,
  read: Bucket,
  name: string,
): Promise<string | undefined> {
  if (should === undefined || isSameBucket(should, read)) return undefined;
  let reason = "It has no state of this cluster.";
  try {
    const written = await new ObjectStore(should, process.env).writtenAt(stateKey(name));
    if (written !== undefined) return undefined;
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error;
    reason = error.message;
  }
  return (
    `tofu.tfvars keeps the state in ${titleOf(should)}. ${reason}\nThe copy is now ${stateFileName}, here. If that ` +
    "bucket is lost, name another one in tofu.tfvars, then:\n\n  ./openaether state create\n  ./openaether state move"
  );
}

async function chosenCluster(
  store: ObjectStore,
  given: string | undefined,
  prompter: Prompter | undefined,
): Promise<string> {
  const names = clustersAmong(await store.list(keysPrefix));
  const bucket = titleOf(store.bucket);
  const [only, ...others] = names;
  if (only === undefined) throw new UserError(`${bucket} has no state of a cluster.`);
  if (given !== undefined) {
    if (names.includes(given)) return given;
    throw new UserError(`${bucket} has no state of ${given}. It has: ${names.join(", ")}.`);
  }
  if (others.length === 0) return only;
  if (prompter !== undefined) {
    return prompter.ask({
      text: "The cluster",
      choices: { options: names.map((value) => ({ value })) },
      check: (answer) => (names.includes(answer) ? undefined : "Not one of them."),
    });
  }
  throw new UserError(
    `${bucket} has the states of several clusters: ${names.join(", ")}. Name one:\n\n` +
      names.map((name) => `  ./openaether attach --cluster ${name}`).join("\n"),
  );
}

/** @throws UserError without a passphrase */
async function keyOf(
  settings: StateSettings | undefined,
  home: string,
  prompter: Prompter | undefined,
): Promise<Readonly<Record<string, string>>> {
  const isMissing =
    settings?.encryption === "passphrase" &&
    process.env[environmentVariable] === undefined &&
    settings.source.file === undefined &&
    settings.source.command === undefined;
  if (!isMissing || prompter === undefined) {
    return stateVariables(settings, { home, environment: process.env });
  }
  const answer = await prompter.ask({
    text: "The passphrase of the state",
    isSecret: true,
    check: (typed) => (typed === "" ? "Required." : undefined),
  });
  return stateVariables(settings, { home, environment: { [environmentVariable]: answer } });
}

function nextSteps(
  home: string,
  state: StateSettings | undefined,
  { lastRun, kept }: StoredCluster,
): string {
  const { command, by, began, outcome } = lastRun;
  const file = state?.encryption === "passphrase" ? state.source.file : undefined;
  return [
    outcome === "applied"
      ? `This is what ${by} applied at ${began}.`
      : `This is what ${by} began to apply at ${began}; that \`${command}\` ` +
        `${outcome === "failed" ? "failed" : "has not ended"}.`,
    ...(Object.keys(kept.environment).length === 0
      ? []
      : [`Some of the input came from the environment:\n\n  . ./${environmentFileName}`]),
    ...(file === undefined || existsSync(join(home, file))
      ? []
      : [
          `tofu.tfvars reads the passphrase from ${file}, which is nowhere stored: put it there, for you ` +
            `alone, or set ${environmentVariable}.`,
        ]),
    "./openaether plan says whether anything differs.",
  ].join("\n\n");
}
