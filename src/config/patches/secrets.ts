import type { PatchSetting } from "./settings";

/** Keys whose values are secrets wherever they stand. */
const secretKey =
  /(?:password|passphrase|secret|credentials?|token|auth|authorization|(?:^|access|api|client|encryption|private|secret)[_-]?key)$/i;
/** Keys of that form whose values are none. */
const harmlessKey = /bootstrap-token-auth$/i;

/** Values that are secrets by their form: a private key, an Authorization header, a URL with a password. */
const secretValue =
  /PRIVATE KEY|^\s*(?:Basic|Bearer)\s+\S{8}|\bAuthorization:\s*\S|\w:\/\/[^/\s:@]+:[^/\s@]+@/i;

/** Lines of a file or a manifest within a value: `password = "…"`. */
const secretLine =
  /^\s*["']?[\w.-]*(?:password|passphrase|secret_?key|api_?key|token)["']?\s*[:=]\s*["']?[^\s"'{$][^\s"']{5}/im;

/** Whether a value looks like a secret, by its key or by itself. */
export function looksSecret({ path, value }: PatchSetting): boolean {
  if (value === undefined || typeof value.value !== "string" || value.source === "") return false;
  const names = path.filter((step) => !step.startsWith("["));
  return isSecretName(names.at(-1) ?? "") || isSecretText(value.source);
}

/** Whether a key of this name has a secret. */
export function isSecretName(key: string): boolean {
  return secretKey.test(key) && !harmlessKey.test(key);
}

/** Whether a value has the form of a secret, or lines with one. */
export function isSecretText(text: string): boolean {
  return [text, decoded(text)].some((one) => secretValue.test(one) || secretLine.test(one));
}

/** PEM in base64 as text, "" for anything else. */
function decoded(text: string): string {
  return text.startsWith("LS0t") ? Buffer.from(text, "base64").toString("latin1") : "";
}
