import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors";
import { backupPassphrase, keyLines, type Keys, passphraseFrom } from "./keys";

/** Beside tofu.tfvars: the public keys that backups are encrypted for, one in a line (age -R). */
export const recipientsFileName = "backup-recipients";

/** What creates the first one. */
export const createKeyCommand = "./openaether backup create-key ~/openaether-backup.key";

/** Those in the file beside tofu.tfvars. @param home Its directory */
export function recipientsIn(home: string): string[] {
  const file = join(home, recipientsFileName);
  return existsSync(file) ? keyLines(readFileSync(file, "utf8")).map(({ text }) => text) : [];
}

/**
 * Whom a backup is encrypted for: the given ones, else those in the file beside tofu.tfvars, else the
 * passphrase of the environment.
 * @throws UserError without any of them
 */
export function keysFor(home: string, given: readonly string[]): Keys {
  const recipients = given.length > 0 ? given : recipientsIn(home);
  if (recipients.length > 0) return { recipients };
  const passphrase = passphraseFrom(process.env);
  if (passphrase !== undefined) return { passphrase };
  throw new UserError(
    "Whom is the backup encrypted for? There is no recipient. Create a key, and keep it where the cluster is " +
      `not:\n\n  ${createKeyCommand}\n\n` +
      `which adds its public key to ${recipientsFileName}, beside tofu.tfvars. Or name public keys of age's: ` +
      `--recipient age1…; or a passphrase: export ${backupPassphrase}=…`,
  );
}
