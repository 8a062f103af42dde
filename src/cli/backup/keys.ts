import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  backupPassphrase,
  keyLines,
  type Keys,
  type Opener,
  passphraseFrom,
  readIdentities,
} from "../../backup/keys";
import { UserError } from "../../errors";
import { hideSecret } from "../../view/secrets";
import type { Prompter } from "../terminal/prompter";

/** Beside tofu.tfvars: the public keys that backups are encrypted for, one in a line (age -R). */
export const recipientsFileName = "backup-recipients";

/**
 * Whom a backup is encrypted for: `--recipient`, else the file beside tofu.tfvars, else the passphrase
 * of the environment.
 * @throws UserError without any of them
 */
export function keysFor(home: string, recipients: readonly string[]): Keys {
  if (recipients.length > 0) return { recipients };
  const file = join(home, recipientsFileName);
  const lines = existsSync(file) ? keyLines(readFileSync(file, "utf8")) : [];
  if (lines.length > 0) return { recipients: lines.map(({ text }) => text) };
  const passphrase = passphraseFrom(process.env);
  if (passphrase !== undefined) return { passphrase };
  throw new UserError(
    "Whom is the backup encrypted for? There is no recipient. Create a key, and keep it where the cluster is " +
      "not:\n\n" +
      "  ./openaether backup create-key ~/openaether-backup.key\n\n" +
      `which adds its public key to ${recipientsFileName}, beside tofu.tfvars. Or name public keys of age's: ` +
      `--recipient age1…; or a passphrase: export ${backupPassphrase}=…`,
  );
}

export interface OpenerOptions {
  /** A file with secret keys of age's. @default - a passphrase */
  readonly identity?: string;
}

/**
 * What opens a backup: `--identity`, else the passphrase of the environment, else one that is asked for.
 * @param prompter Undefined where there is no terminal
 * @throws UserError without any of them
 */
export async function openerFor(
  { identity }: OpenerOptions,
  prompter: Prompter | undefined,
): Promise<Opener> {
  if (identity !== undefined) return { identities: await readIdentities(resolve(identity)) };
  const given = passphraseFrom(process.env);
  if (given !== undefined) return { passphrase: given };
  const passphrase = await prompter?.ask({
    text: "The passphrase of the backup",
    isSecret: true,
    check: (typed) => (typed === "" ? "Required." : undefined),
  });
  if (passphrase === undefined) {
    throw new UserError(
      `What opens the backup? Name the file with its secret key: --identity FILE; or set ${backupPassphrase}.`,
    );
  }
  hideSecret(passphrase);
  return { passphrase };
}
