import { backupPassphrase } from "../../../backup/keys";
import { createKeyCommand, recipientsFileName, recipientsIn } from "../../../backup/recipients";
import type { DoctorContext } from "../context";
import { type Finding, ok, warning } from "../finding";

const check = "backup";

/** Whether a backup of what exists could be encrypted. */
export function backupRecipients({ home, environment, state }: DoctorContext): Finding[] {
  if (state === undefined) return [];
  const { length: count } = recipientsIn(home);
  if (count > 0) {
    const keys = count === 1 ? "the key" : `the ${count} keys`;
    return [ok(check, `for ${keys} in ${recipientsFileName}`)];
  }
  if ((environment[backupPassphrase] ?? "") !== "") {
    return [ok(check, `with the passphrase of ${backupPassphrase}`)];
  }
  return [warning(check, "No backup can be written: it has no recipient.", createKeyCommand)];
}
