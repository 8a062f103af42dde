import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The directory of this package. Files that the compiler does not copy (schemas, the protocol's
 * definition) are found below it, from the sources and from dist/ alike.
 */
export function packageRoot(): string {
  let directory = __dirname;
  while (!existsSync(join(directory, "package.json"))) directory = dirname(directory);
  return directory;
}
