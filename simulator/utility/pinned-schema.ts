import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root";
import type { ProviderSchema } from "../protocol/model";

/** The pinned interface of a provider: `schemas/<name>.json`, with the version it was taken from. */
export function pinnedSchema(name: string): ProviderSchema {
  const file = join(packageRoot(), "simulator", "utility", "schemas", `${name}.json`);
  return JSON.parse(readFileSync(file, "utf8")) as ProviderSchema;
}
