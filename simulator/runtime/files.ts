import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A machine's own directory; ids of some clouds have a slash. */
export function machineDirectory(parent: string, machine: string): string {
  return join(parent, machine.replaceAll(/[^\w.-]/g, "_"));
}

/** Writes files that only this user can read, by their path below a directory. */
export async function writePrivately(
  directory: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, content, { mode: 0o600 });
  }
}
