import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The directory of this project's package.json, run from its sources or compiled into `dist`. */
export function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}
