import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The directory of this project's package.json, run from its sources or compiled into `dist`. */
export function packageRoot(): string {
  let directory = __dirname;
  while (!existsSync(join(directory, "package.json"))) directory = dirname(directory);
  return directory;
}
