import type { Diagnostic } from "../../constructs/model/diagnostic";
import { errorText } from "./events";

/**
 * What tofu says when it cannot reach the state's bucket, cannot decrypt the state, or may not read it in clear, in one sentence:
 * tofu wraps it in an error about the state's lock, or about a plan's file.
 * @returns undefined for every other message
 */
export function stateProblem(words: string): string | undefined {
  const flat = words.replaceAll(/[│╷╵\s]+/g, " ");
  const address = unanswered.exec(flat)?.[1];
  if (address !== undefined) {
    return `The object store of the state's bucket does not answer (${address}). Do the same again when it does.`;
  }
  return problems.find(([pattern]) => pattern.test(flat))?.[1];
}

/** Its address is that of the request; "StatusCode: 0" is no answer at all. */
const unanswered = /operation error S3: .*StatusCode: 0,.* "(https?:\/\/[^/"]+)/;

const unsaved = ["Failed to save state", "Failed to persist state to backend"];
const unreleased = "Error releasing the state lock";

/** Whether an apply could not save its state: what it did is in its journal alone. */
export function isUnsaved(errors: readonly Diagnostic[]): boolean {
  return errors.some(({ summary }) => unsaved.includes(summary));
}

/**
 * Errors of an apply as text: that the state was not saved, or its lock not released, in one sentence
 * where the reason is known.
 */
export function applyErrorText(errors: readonly Diagnostic[]): string {
  const about = errors.filter(({ summary }) => [...unsaved, unreleased].includes(summary));
  const problem = stateProblem(errorText(about));
  if (problem === undefined) return errorText(errors);
  const what = isUnsaved(errors)
    ? "The state was not saved."
    : "The state was saved, and its lock was not released.";
  const others = errors.filter((error) => !about.includes(error));
  return [...(others.length === 0 ? [] : [errorText(others)]), `${what} ${problem}`].join("\n\n");
}

/** Whether tofu has ended without releasing the state's lock, as far as it knows. */
export function isLockLeft(words: string): boolean {
  return words.includes(unreleased);
}

const problems: readonly (readonly [RegExp, string])[] = [
  [
    /key_provider\.openbao\S* failed .*Code: 400\b/,
    "The state cannot be decrypted: OpenBao refuses to, so its key is not the one that encrypted the state, or " +
      "that version of it was deleted. Its address and openbao_key_name are in tofu.tfvars, or BAO_ADDR.",
  ],
  [
    /key_provider\.openbao\S* failed .*Code: (401|403)\b/,
    "OpenBao does not accept BAO_TOKEN of the environment, or its policy does not allow the two calls that the " +
      "state needs: transit/datakey/plaintext/<key> and transit/decrypt/<key>.",
  ],
  [
    /key_provider\.openbao\S* failed .*Code: 503\b.*sealed/s,
    "OpenBao is sealed, and it has the key of the state. Do the same again when it is unsealed.",
  ],
  [
    /key_provider\.openbao\S* failed .*(dial tcp|deadline exceeded|no such host|certificate|Code: 5\d\d)/,
    "OpenBao does not answer, and it has the key of the state. Its address is openbao_address in tofu.tfvars, or " +
      "BAO_ADDR. Do the same again when it does.",
  ],
  [
    /decryption failed for all provided methods|cipher: message authentication failed/,
    "The state cannot be decrypted: this passphrase (or key) is not the one that encrypted it. The passphrase " +
      "is that of TF_VAR_state_passphrase in the environment, else of passphrase_file or passphrase_command " +
      "in tofu.tfvars. If it was changed on purpose, the state needs to be rewritten once:\n\n" +
      "  OPENAETHER_FORMER_PASSPHRASE=… ./openaether state migrate",
  ],
  [
    /encountered unencrypted payload without unencrypted method configured/,
    "The state is in clear, and the configuration encrypts it. Encrypt the state:\n\n" +
      "  ./openaether state migrate",
  ],
  [
    /This state file is encrypted and can not be read without an encryption/,
    "The state is encrypted, and nothing here decrypts it: neither `state` in tofu.tfvars nor TF_ENCRYPTION in " +
      "the environment.",
  ],
  [
    /S3 bucket does not exist|NoSuchBucket/,
    "There is no such bucket for the state, unless its name or its region is misspelled. To create it:\n\n" +
      "  ./openaether state create",
  ],
  [
    /InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken/,
    "The object store does not accept the credentials for the state's bucket: they are wrong, or have expired.",
  ],
  [
    /operation error S3: .*(StatusCode: 507|QuotaExceeded|InsufficientStorage)/,
    "There is no space left in the state's bucket, or its quota is used up.",
  ],
  [
    /operation error S3: .*StatusCode: 403/,
    "The credentials do not have the right to the state's bucket, or it belongs to another account.",
  ],
  [
    /operation error S3: .*StatusCode: 301|PermanentRedirect|AuthorizationHeaderMalformed/,
    "The state's bucket is not in the region that tofu.tfvars names.",
  ],
];
