import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createIdentity } from "../../backup/keys";
import { recipientsFileName } from "../../backup/recipients";
import { print } from "../../view/output";
import { exitStatus } from "../exit-status";

/**
 * Creates the key that opens backups, and adds its public key to those that backups are encrypted for.
 * @param file For the secret key
 * @returns the exit status
 * @throws UserError where the file exists already
 */
export async function createKey(
  file: string,
  { dir = "." }: { readonly dir?: string },
): Promise<number> {
  const recipient = await createIdentity(resolve(file));
  const list = join(resolve(dir), recipientsFileName);
  const before = existsSync(list) ? readFileSync(list, "utf8") : "";
  const separator = before === "" || before.endsWith("\n") ? "" : "\n";
  appendFileSync(list, `${separator}${recipient}\n`);
  print(
    `${file} opens the backups that are written from now on. Nothing else does: keep it where the cluster and ` +
      "this machine are not, twice.\n" +
      `Its public key is in ${recipientsFileName}, which belongs into git: ${recipient}`,
  );
  return exitStatus.done;
}
