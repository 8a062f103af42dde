import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../../constructs/model/resource-values";
import { UserError } from "../../errors";
import { writeWhole } from "../../whole-file";

/** Beside tofu.tfvars, to be committed with it: the digest of each file that became an image. */
export const digestsName = "image-digests.json";

/** Names a file as the Image Factory does: "<schematic>/v1.14.1/nocloud-amd64.qcow2". */
export function checkDigest(home: string, name: string, digest: string): void {
  const known = readDigests(home)[name];
  if (known === undefined || known === digest) return;
  throw new UserError(
    `${name} is not what it was: ${digest}, and ${digestsName} has ${known}. Nothing was uploaded. If the ` +
      `new file is the right one, remove that line from ${digestsName}, and run the same command again.`,
  );
}

/** Records the digest of a file that was seen for the first time. */
export function keepDigest(home: string, name: string, digest: string): void {
  const digests = { ...readDigests(home), [name]: digest };
  const sorted = Object.fromEntries(Object.entries(digests).sort(([a], [b]) => a.localeCompare(b)));
  writeWhole(join(home, digestsName), `${JSON.stringify(sorted, undefined, 2)}\n`, 0o644);
}

/** @throws UserError when the file is not what is written here */
function readDigests(home: string): Readonly<Record<string, string>> {
  const file = join(home, digestsName);
  if (!existsSync(file)) return {};
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    content = undefined;
  }
  const isValid =
    isObject(content) &&
    Object.values(content).every((one) => /^sha256:[0-9a-f]{64}$/.test(String(one)));
  if (isValid) return content as Record<string, string>;
  throw new UserError(
    `${file} is not what image create writes: names with "sha256:" and 64 hexadecimal digits. Restore it, or delete it.`,
  );
}
