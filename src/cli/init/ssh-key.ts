import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The usual place of a public key, else the first that there is; "~" stands for the home folder. */
export function usualKey(home: string): string | undefined {
  const folder = join(home, ".ssh");
  if (!existsSync(folder)) return undefined;
  const keys = readdirSync(folder)
    .filter((name) => name.endsWith(".pub"))
    .sort();
  const name = keys.find((key) => key === "id_ed25519.pub") ?? keys[0];
  return name === undefined ? undefined : `~/.ssh/${name}`;
}

export interface KeySearch {
  /** Where relative names begin. */
  readonly folder: string;
  readonly home: string;
}

/**
 * The keys that a person named: files, separated by commas, or the text of one key.
 * @throws Error in a person's words when a file cannot be read
 */
export function readKeys(given: string, { folder, home }: KeySearch): string[] {
  if (/^(ssh|ecdsa|sk)-\S+\s/.test(given)) return [given];
  return given.split(",").map((name) => {
    const file = resolve(folder, name.trim().replace(/^~(?=\/)/, home));
    try {
      return readFileSync(file, "utf8").trim();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new Error(code === "ENOENT" ? `There is no file ${file}.` : message, { cause: error });
    }
  });
}
