import { closeSync, existsSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import type { Decrypter, Encrypter } from "age-encryption" with { "resolution-mode": "import" };
import { shellWord } from "../../constructs/shell-word";
import { shortestPassphrase } from "../config/state-settings";
import { reasonOf, UserError } from "../errors";
import { hideSecret } from "../view/secrets";

/** The environment variable with a passphrase for backups, where they have no recipients. */
export const backupPassphrase = "OPENAETHER_BACKUP_PASSPHRASE";

/** Whom a backup is encrypted for. */
export type Keys = { readonly recipients: readonly string[] } | { readonly passphrase: string };

/** What opens a backup. */
export type Opener = { readonly identities: readonly string[] } | { readonly passphrase: string };

/** As age writes it: one in a line, and comments. */
export interface KeyLine {
  readonly line: number;
  readonly text: string;
}

/**
 * 2^16 rounds take 64 MiB; age's own default takes 256 MiB, and passphrases may be shorter there.
 * (A passphrase has 16 characters at least.)
 */
const scryptRounds = 16;

/** The lines of a file of age's that are no comments. */
export function keyLines(text: string): KeyLine[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ line: index + 1, text: line.trim() }))
    .filter((line) => line.text !== "" && !line.text.startsWith("#"));
}

/** @throws UserError for a passphrase that is too short; its text is never printed */
export function passphraseFrom(environment: Readonly<Record<string, string | undefined>>) {
  const passphrase = environment[backupPassphrase];
  if (passphrase === undefined) return undefined;
  hideSecret(passphrase);
  if (passphrase.length < shortestPassphrase) {
    throw new UserError(
      `${backupPassphrase} has ${passphrase.length} characters; ${shortestPassphrase} are needed at least.\n\n` +
        "  openssl rand -base64 32",
    );
  }
  return passphrase;
}

/** @throws UserError that names every recipient that is none */
export async function encrypterFor(keys: Keys): Promise<Encrypter> {
  const { Encrypter } = await import("age-encryption");
  const encrypter = new Encrypter();
  if ("passphrase" in keys) {
    encrypter.setScryptWorkFactor(scryptRounds);
    encrypter.setPassphrase(keys.passphrase);
    return encrypter;
  }
  const wrong = keys.recipients.flatMap((recipient) => {
    try {
      encrypter.addRecipient(recipient);
      return [];
    } catch {
      return [wrongRecipient(recipient)];
    }
  });
  if (wrong.length > 0) throw new UserError(wrong.join("\n"));
  return encrypter;
}

function wrongRecipient(recipient: string): string {
  if (/^AGE-SECRET-KEY-/i.test(recipient)) {
    return (
      "A recipient is a secret key (AGE-SECRET-KEY-…): that opens every backup, and belongs where backups are " +
      "restored. Name its public key, which age-keygen -y prints: age1…"
    );
  }
  const known = recipient.startsWith("ssh-") ? " An SSH key cannot be one here." : "";
  return `"${recipient}" is not a public key of age's (age1…).${known}`;
}

/** @throws UserError for an identity that is none; it is never printed */
export async function decrypterFor(opener: Opener): Promise<Decrypter> {
  const { Decrypter } = await import("age-encryption");
  const decrypter = new Decrypter();
  if ("passphrase" in opener) decrypter.addPassphrase(opener.passphrase);
  else for (const identity of opener.identities) decrypter.addIdentity(identity);
  return decrypter;
}

/**
 * The secret keys in a file of age's.
 * @throws UserError where it has none, has something else, or others may read it
 */
export async function readIdentities(file: string): Promise<readonly string[]> {
  if (!existsSync(file)) throw new UserError(`There is no ${file}.`);
  const stat = statSync(file);
  if (!stat.isFile()) throw new UserError(`${file} is not a file.`);
  if ((stat.mode & 0o077) !== 0) {
    throw new UserError(
      `${file}: others on this machine may read it, and it opens every backup. Make it yours alone:\n\n` +
        `  chmod 600 ${shellWord(file)}`,
    );
  }
  let lines: readonly KeyLine[];
  try {
    lines = keyLines(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${reasonOf(error)}`);
  }
  if (lines.length === 0) throw new UserError(`${file} has no secret key of age's.`);
  const { Decrypter } = await import("age-encryption");
  for (const { line, text } of lines) {
    hideSecret(text);
    try {
      new Decrypter().addIdentity(text);
    } catch {
      throw new UserError(
        `${file}:${line} is not a secret key of age's (AGE-SECRET-KEY-1…).` +
          (text.startsWith("age1") ? " It is a public key: that only encrypts." : ""),
      );
    }
  }
  return lines.map(({ text }) => text);
}

/**
 * Writes a new secret key into a file for its owner alone, in the form of age-keygen.
 * @returns its public key
 * @throws UserError where the file exists already
 */
export async function createIdentity(file: string): Promise<string> {
  const { generateX25519Identity, identityToRecipient } = await import("age-encryption");
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  let descriptor: number;
  try {
    descriptor = openSync(file, "wx", 0o600);
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new UserError(
      isThere
        ? `${file} exists already, and is not replaced: backups that it opens would be lost.`
        : `${file} cannot be written: ${reasonOf(error)}`,
    );
  }
  const created = new Date().toISOString();
  writeSync(descriptor, `# created: ${created}\n# public key: ${recipient}\n${identity}\n`);
  closeSync(descriptor);
  return recipient;
}
