import type { StateSettings } from "../config/state-settings";
import { UserError } from "../errors";
import { formOfState, stateBackupName, type StateForm, stateFileName } from "../tofu/state-file";

/** OpenTofu's names of what encrypts. */
const providers = { passphrase: "pbkdf2", openbao: "openbao", external: "external" } as const;

const migrate = "./openaether state migrate";

/**
 * Compares the state's file with what is configured: tofu would fail with a message about the
 * state's lock, or keep a backup in clear.
 * @param settings Undefined where tofu.tfvars has no `state`
 * @throws UserError when they differ
 */
export function checkStateForm(
  home: string,
  settings: StateSettings | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const isEncrypted = settings !== undefined && settings.encryption !== "none";
  if ((environment["TF_ENCRYPTION"] ?? "") !== "") {
    if (isEncrypted) throw twoEncryptions();
    // The user's own: tofu reads it.
    return;
  }
  const form = formOfState(home, stateFileName);
  if (settings === undefined) {
    if (isEncryptedForm(form)) throw noSettings();
    return;
  }
  for (const [name, one] of [
    [stateFileName, form],
    [stateBackupName, formOfState(home, stateBackupName)],
  ] as const) {
    const problem = difference(settings, one);
    if (problem !== undefined) {
      throw new UserError(
        `${name} is ${problem}, and tofu.tfvars says encryption = "${settings.encryption}". Nothing was ` +
          `changed. To rewrite it as tofu.tfvars says now:\n\n  ${migrate}`,
      );
    }
  }
}

/** How a state's file is not what is configured; undefined where it is, or where there is none. */
export function difference(settings: StateSettings, form: StateForm): string | undefined {
  if (form === undefined) return undefined;
  if (form === "in clear") return settings.encryption === "none" ? undefined : form;
  if (settings.encryption === "none") return "encrypted";
  const { encryptedBy } = form;
  return encryptedBy.includes(providers[settings.encryption])
    ? undefined
    : `encrypted by ${encryptedBy.join(" and ")}`;
}

/** Whether these settings name what encrypted it, with whatever key. */
export function mayDecrypt(settings: StateSettings | undefined, form: StateForm): boolean {
  return (
    settings !== undefined && isEncryptedForm(form) && difference(settings, form) === undefined
  );
}

function isEncryptedForm(form: StateForm): boolean {
  return form !== undefined && form !== "in clear";
}

function twoEncryptions(): UserError {
  return new UserError(
    "TF_ENCRYPTION is in the environment, and `state` in tofu.tfvars encrypts as well: tofu would merge " +
      "the two. Nothing was changed. Keep one of them:\n\n  unset TF_ENCRYPTION\n\n" +
      `With a state that TF_ENCRYPTION has encrypted, once before that:\n\n  ${migrate}`,
  );
}

function noSettings(): UserError {
  return new UserError(
    `${stateFileName} is encrypted, and nothing here decrypts it: tofu.tfvars has no \`state\`, and the ` +
      "environment no TF_ENCRYPTION. Nothing was changed. Restore the one that it was encrypted with. To " +
      `keep the state in clear from now on, write state = { encryption = "none" }, then:\n\n  ${migrate}`,
  );
}
