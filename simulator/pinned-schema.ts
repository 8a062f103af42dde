import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./package-root";
import type { ProviderSchema } from "./protocol/model";

/**
 * Exactly the schema of the pinned version, `bindings/<name>/schema.json`: what it does not have is
 * refused here too.
 */
export function pinnedSchema(name: string): ProviderSchema {
  const file = join(packageRoot(), "bindings", name, "schema.json");
  return JSON.parse(readFileSync(file, "utf8")) as ProviderSchema;
}
