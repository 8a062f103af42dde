import { resolve } from "node:path";
import { backupPassphrase, type Opener, passphraseFrom, readIdentities } from "../../backup/keys";
import { UserError } from "../../errors";
import { hideSecret } from "../../view/secrets";
import type { Prompter } from "../terminal/prompter";

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
