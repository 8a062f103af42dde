import { readFileSync } from "node:fs";
import { join } from "node:path";
import { literal } from "../../../constructs/template";
import type { StateSettings } from "../../config/state-settings";
import { UserError } from "../../errors";
import { environmentVariable, stateVariables } from "../../state/passphrase";
import { mayDecrypt } from "../../state/state-form";
import { statePartsFor } from "../../state/state-parts";
import { fileBackend, StateWorkspace } from "../../state/state-workspace";
import { personEnvironment } from "../../tofu/environment";
import { formOfState, stateFileName } from "../../tofu/state-file";

/** In the environment: a passphrase that is in no file any more. */
export const formerVariable = "OPENAETHER_FORMER_PASSPHRASE";
const usersOwn = "TF_ENCRYPTION";

/** Variables of tofu's environment, without which it can decrypt nothing. */
export type Keys = Readonly<Record<string, string>>;

export interface Place {
  /** The directory of tofu.tfvars and of the state. */
  readonly home: string;
  /** A directory for this run. */
  readonly scratch: string;
  readonly tofuPath: string;
}

/** How a state is encrypted. */
export interface Encryption {
  readonly settings: StateSettings | undefined;
  readonly key: Keys;
}

export interface OpenedState {
  /** In clear. */
  readonly text: string;
  /** The file as it was. */
  readonly bytes: Buffer;
  /** The wanted encryption can read it. */
  readonly isTargets: boolean;
}

/**
 * Reads the state with the wanted key, else with the former one: of OPENAETHER_FORMER_PASSPHRASE, of
 * what was synthesized last, of the user's TF_ENCRYPTION.
 * @throws UserError when none of them decrypts it
 */
export async function openState(
  place: Place,
  target: Encryption & { readonly former: StateSettings | undefined },
): Promise<OpenedState> {
  const bytes = readFileSync(join(place.home, stateFileName));
  const form = formOfState(place.home, stateFileName);
  if (form === "in clear") {
    const isTargets = target.settings?.encryption === "none";
    return { text: bytes.toString("utf8"), bytes, isTargets };
  }
  if (mayDecrypt(target.settings, form)) {
    const text = await pulled(place, target);
    if (text !== undefined) return { text, bytes, isTargets: true };
  }
  for (const candidate of await formerKeys(place.home, target.former)) {
    if (candidate.settings !== undefined && !mayDecrypt(candidate.settings, form)) continue;
    const text = await pulled(place, candidate);
    if (text !== undefined) return { text, bytes, isTargets: false };
  }
  throw new UserError(
    "The state cannot be decrypted with the passphrase or key of tofu.tfvars, nor with what was configured " +
      `before. Nothing was changed. Give the former passphrase for this one run:\n\n` +
      `  ${formerVariable}=… ./openaether state migrate`,
  );
}

async function formerKeys(home: string, former: StateSettings | undefined): Promise<Encryption[]> {
  const found: Encryption[] = [];
  const given = process.env[formerVariable];
  if (given !== undefined) {
    const environment = { ...process.env, [environmentVariable]: given };
    const settings = { encryption: "passphrase", source: {} } as const;
    found.push({ settings, key: await stateVariables(settings, { home, environment }) });
  }
  if (former !== undefined) {
    const key = await formerKey(former, home);
    if (key !== undefined) found.push({ settings: former, key });
  }
  const own = process.env[usersOwn] ?? "";
  if (own !== "") found.push({ settings: undefined, key: { [usersOwn]: own } });
  return found;
}

/** @returns undefined where the former file or command is not there any more */
async function formerKey(former: StateSettings, home: string): Promise<Keys | undefined> {
  // The variable has the new passphrase now, unless the former one had no other place.
  const hasSource =
    former.encryption === "passphrase" &&
    (former.source.file !== undefined || former.source.command !== undefined);
  const environment = hasSource
    ? { ...process.env, [environmentVariable]: undefined }
    : process.env;
  try {
    return await stateVariables(former, { home, environment });
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** @returns undefined where this is not what encrypted it */
async function pulled(place: Place, encryption: Encryption): Promise<string | undefined> {
  const workspace = workspaceFor(place, encryption, join(place.home, stateFileName));
  try {
    return await (await workspace).pull();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  } finally {
    await workspace.then(
      (one) => {
        one.end();
      },
      () => undefined,
    );
  }
}

/** A configuration of nothing but a state and its encryption. */
export function workspaceFor(
  { home, scratch, tofuPath }: Place,
  { settings, key }: Encryption,
  stateFile: string,
): Promise<StateWorkspace> {
  const environment = personEnvironment({ ...process.env, [usersOwn]: undefined }, key);
  return StateWorkspace.in({
    directory: join(scratch, "state"),
    backend: fileBackend(stateFile),
    parts: statePartsFor(settings, literal(home)),
    tofuPath,
    environment,
  });
}
