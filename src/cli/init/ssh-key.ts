import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Public keys in the home directory, the default first: "~/.ssh/id_ed25519.pub". */
export function presentKeys(home: string): readonly string[] {
  const directory = join(home, ".ssh");
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => name.endsWith(".pub"));
  const usual = "id_ed25519.pub";
  const others = names.filter((name) => name !== usual).sort();
  return [...(names.includes(usual) ? [usual] : []), ...others].map((name) => `~/.ssh/${name}`);
}

export interface KeySearch {
  /** The base of relative names. */
  readonly directory: string;
  readonly home: string;
}

/**
 * The keys that a user named: files, separated by commas, or one key itself.
 * @throws Error with a message for the user when a file cannot be read
 */
export function readKeys(given: string, { directory, home }: KeySearch): string[] {
  if (/^(ssh|ecdsa|sk)-\S+\s/.test(given)) return [given];
  return given.split(",").map((name) => {
    const file = resolve(directory, name.trim().replace(/^~(?=\/)/, home));
    try {
      return readFileSync(file, "utf8").trim();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new Error(code === "ENOENT" ? `There is no file ${file}.` : message, { cause: error });
    }
  });
}
