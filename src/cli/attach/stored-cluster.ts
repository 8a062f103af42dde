import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { literal } from "../../../constructs/template";
import type { StateSettings } from "../../config/state-settings";
import { UserError } from "../../errors";
import { titleOf } from "../../object-store/bucket";
import type { ObjectStore } from "../../object-store/object-store";
import { recordKey, stateKey } from "../../state/bucket-keys";
import { secretsIn } from "../../state/cluster-secrets";
import { type KeptDirectory, type RunHeader, RunRecord } from "../../state/run-record";
import { difference } from "../../state/state-form";
import { statePartsFor } from "../../state/state-parts";
import { fileBackend, StateWorkspace } from "../../state/state-workspace";
import { findTofu } from "../../tofu/binary";
import { personEnvironment } from "../../tofu/environment";
import { formOfText, type ReadState, readStateText } from "../../tofu/state-file";
import { print } from "../../view/output";
import { writeWhole } from "../../whole-file";

/** What a bucket has of a cluster. */
export interface StoredCluster {
  readonly name: string;
  /** The state as it is kept: encrypted. */
  readonly bytes: Buffer;
  readonly state: ReadState;
  readonly kept: KeptDirectory;
  readonly lastRun: RunHeader;
}

/** How its state is encrypted. */
export interface Decryption {
  readonly settings: StateSettings | undefined;
  /** Variables of tofu's environment: the passphrase. */
  readonly key: Readonly<Record<string, string>>;
}

/**
 * Reads a cluster's state, and the record of its last run.
 * @throws ObjectStoreError; UserError when something of it is missing, cannot be decrypted or is damaged
 */
export async function readStored(
  store: ObjectStore,
  name: string,
  bytes: Buffer,
  decryption: Decryption,
): Promise<StoredCluster> {
  const state = await decrypted(bytes, decryption);
  if (state.resources.length === 0) {
    throw new UserError(
      `${name} was destroyed: its state has no resources. Nothing was written. Begin it again with ./openaether init.`,
    );
  }
  const object = await store.get(recordKey(name));
  if (object === undefined) {
    throw new UserError(
      `${titleOf(store.bucket)} has the state of ${name}, but not its tofu.tfvars, which up stores beside it. ` +
        "Nothing was written. Bring a copy of its directory, and run ./openaether up there.",
    );
  }
  const record = RunRecord.parse(object.body.toString("utf8"));
  const secrets = secretsIn(state);
  if (secrets === undefined) {
    throw new UserError(
      `The keys of ${name} were destroyed by a down that has not ended, and its tofu.tfvars was encrypted ` +
        "by them. Nothing was written. Write tofu.tfvars again, then, beside it:\n\n" +
        `  ./openaether plan\n  ./openaether down`,
    );
  }
  const kept = record.open(secrets)?.kept;
  if (kept === undefined) {
    throw new UserError(
      `The record of the last run, ${recordKey(name)} in ${titleOf(store.bucket)}, does not belong to this ` +
        "state, or was changed. Nothing was written. Run ./openaether up in a directory of the cluster.",
    );
  }
  return { name, bytes, state, kept, lastRun: record.header };
}

/**
 * A state as it is kept, encrypted as these settings say.
 * @throws UserError where it is encrypted otherwise, or in clear
 */
export function checkForm(bytes: Buffer, settings: StateSettings | undefined, name: string): void {
  const form = formOfText(bytes.toString("utf8"));
  if (form === undefined) {
    throw new UserError(`${stateKey(name)} is not a state. Nothing was written.`);
  }
  if (settings === undefined) return;
  const is = difference(settings, form);
  if (is === undefined) return;
  // A state in clear could be of anyone who can write into the bucket.
  throw new UserError(
    `The state of ${name} is ${is}, and not as expected (${settings.encryption}). Nothing was written. If ` +
      "that is right, give its settings, as in the line `state` of its tofu.tfvars:\n\n" +
      `  export TF_VAR_state='{ encryption = "${kindOf(is)}"${kindOf(is) === "none" ? "" : ", …"} }'`,
  );
}

function kindOf(is: string): string {
  return /openbao|external/.exec(is)?.[0] ?? (is === "in clear" ? "none" : "passphrase");
}

async function decrypted(bytes: Buffer, { settings, key }: Decryption): Promise<ReadState> {
  const directory = mkdtempSync(join(tmpdir(), "openaether-attach-"));
  try {
    const tofu = await findTofu({ environment: process.env, progress: print });
    const file = join(directory, "encrypted.tfstate");
    writeWhole(file, bytes);
    const workspace = await StateWorkspace.in({
      directory: join(directory, "workspace"),
      backend: fileBackend(file),
      parts: statePartsFor(settings, literal(process.cwd())),
      tofuPath: tofu.path,
      environment: personEnvironment(process.env, key),
    });
    const state = readStateText(await workspace.pull());
    if (state !== undefined) return state;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  throw new UserError(
    "The state is of a version that is not known here: a newer tofu wrote it. Nothing was written. Use a " +
      "newer openaether.",
  );
}
