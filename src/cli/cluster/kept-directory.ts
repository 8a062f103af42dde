import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors";
import type { KeptDirectory } from "../../state/run-record";
import { lockFileName } from "../../tofu/lock-file";
import type { LoadedHere } from "../../synth";

/**
 * The input of a cluster with all that it names, as it is now.
 * @throws UserError when a file has changed since it was synthesized
 */
export function keptDirectory({ home, input }: Pick<LoadedHere, "home" | "input">): KeptDirectory {
  const named = input.files.read.map(({ name, sha256 }) => {
    const content = readFileSync(join(home, name));
    if (createHash("sha256").update(content).digest("hex") === sha256) return { name, content };
    throw new UserError(`${name} has changed since this run began. Run the same command again.`);
  });
  const beside = [input.fileName, lockFileName]
    .filter((name) => existsSync(join(home, name)))
    .map((name) => ({ name, content: readFileSync(join(home, name)) }));
  return {
    varFile: input.fileName,
    files: Object.fromEntries(
      [...beside, ...named].map(({ name, content }) => [name, content.toString("base64")]),
    ),
    environment: Object.fromEntries(
      input.fromEnvironment.map((name) => [name, process.env[name] ?? ""]),
    ),
  };
}
