import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The directory of this package. Files that the compiler does not copy (schemas, the protocol's
 * definition) are found below it, from the sources and from dist/ alike.
 */
export function packageRoot(): string {
  for (let directory = __dirname; ; directory = dirname(directory)) {
    const manifest = join(directory, "package.json");
    if (existsSync(manifest) && nameIn(manifest) === "openaether") return directory;
    if (directory === dirname(directory))
      throw new Error(`No package "openaether" above ${__dirname}`);
  }
}

function nameIn(manifest: string): unknown {
  return (JSON.parse(readFileSync(manifest, "utf8")) as { name?: unknown }).name;
}
