import { dirname, join } from "node:path";
import { literal } from "../../../constructs/template";
import type { StateSettings } from "../../config/state-settings";
import { type Bucket, titleOf } from "../../object-store/bucket";
import { UserError } from "../../errors";
import { stateVariables } from "../../state/passphrase";
import { difference } from "../../state/state-form";
import { formOfState, stateFileName } from "../../tofu/state-file";
import { findTofu, type Tofu } from "../../tofu/binary";
import { print } from "../../view/output";
import { Cluster, loadInput } from "../cluster/cluster";
import { ClusterDirectory, type ClusterOptions } from "../cluster/directory";
import { stateHolder } from "../cluster/state-holder";
import { repairTruncatedState } from "../cluster/truncated-state";
import { tryToReplicate } from "../cluster/replica";
import { exitStatus } from "../exit-status";
import { statesInClear } from "./clear-copies";
import { type Keys, openState } from "./open-state";
import { replaceBackup, replaceState, writeState } from "./write-state";

/**
 * Rewrites the state as tofu.tfvars says now: encrypts it, decrypts it, or encrypts it with another
 * passphrase or key. Neither resources nor the cloud are looked at. The new file was read back
 * before it takes the place of the old one; a run that was killed is finished by another one.
 * @returns the exit status
 * @throws the input's problems; UserError, with nothing changed
 */
export async function migrateState(options: ClusterOptions): Promise<number> {
  const loaded = await loadInput(options);
  const home = dirname(loaded.input.file);
  const { state: target } = loaded;
  if (target === undefined) throw noSettings();
  if (loaded.bucket !== undefined && formOfState(home, stateFileName) === undefined) {
    throw inBucket(loaded.bucket);
  }
  const key = await stateVariables(target, { home, environment: process.env });
  const former = ClusterDirectory.present(options);
  await refuseHeld(home);
  if (former !== undefined) repairTruncatedState(former, print);
  const clear = statesInClear(home, former);
  const tofu = await findTofu({ environment: process.env, progress: print });

  if (formOfState(home, stateFileName) !== undefined) {
    await rewrite({ home, target, key, former, tofu });
    if (target.encryption !== "none") clear.remove();
    replaceBackup(home);
  }
  // What it has encrypted is encrypted otherwise by now.
  delete process.env["TF_ENCRYPTION"];
  const cluster = await Cluster.synthesize(options, print, { isMoved: true });
  print(`${cluster.title}: the state ${described(target)}.${hint(target)}`);
  await tryToReplicate(cluster, print);
  return exitStatus.done;
}

interface Rewriting {
  readonly home: string;
  readonly target: StateSettings;
  /** Of the target: variables of tofu's environment. */
  readonly key: Keys;
  /** As it was synthesized last. */
  readonly former: ClusterDirectory | undefined;
  readonly tofu: Tofu;
}

async function rewrite({ home, target, key, former, tofu }: Rewriting): Promise<void> {
  const scratch = new ClusterDirectory(home, former?.stackDirectory ?? home, "").scratch;
  const place = { home, scratch, tofuPath: tofu.path };
  const wanted = { settings: target, key, homePath: literal(home) };
  const opened = await openState(place, { ...wanted, former: former?.state });
  const isDone =
    opened.isTargets && difference(target, formOfState(home, stateFileName)) === undefined;
  const file = isDone ? join(home, stateFileName) : await writeState(place, wanted, opened.text);
  replaceState(home, file, opened.bytes);
}

/** @throws UserError while another tofu holds the lock of the state's file */
export async function refuseHeld(home: string): Promise<void> {
  const holder = await stateHolder(home, process.env);
  if (holder === undefined) return;
  throw new UserError(
    `Another tofu works on this state (process ${holder}): wait for its end, then do the same again. ` +
      "Nothing was changed.",
  );
}

/** A file's old content is there until the new one was read back; an object's is not. */
function inBucket(bucket: Bucket): UserError {
  return new UserError(
    `The state is in ${titleOf(bucket)}; it is rewritten as a file. Nothing was changed. Remove the line ` +
      "`bucket` from tofu.tfvars and restore the encryption of before, then:\n\n" +
      "  ./openaether state move\n\nThen change the encryption, run ./openaether state migrate, write the line again, and move the state back.",
  );
}

function noSettings(): UserError {
  return new UserError(
    "tofu.tfvars does not say how the state is to be: it has no `state`. Nothing was changed. Write one " +
      'of these lines, then run this again:\n\n  state = { encryption = "passphrase" }\n' +
      '  state = { encryption = "none" }',
  );
}

function described({ encryption }: StateSettings): string {
  return encryption === "none" ? "is in clear" : `is encrypted (${encryption})`;
}

function hint({ encryption }: StateSettings): string {
  return encryption === "passphrase"
    ? " Keep the passphrase in a place of its own: without it the cluster cannot be managed."
    : "";
}
