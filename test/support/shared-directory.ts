import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const variable = "OPENAETHER_TEST_SHARED";

/** For Jest's global setup: a directory for what the test files of a run share. */
export function createSharedDirectory(): void {
  process.env[variable] = mkdtempSync(join(tmpdir(), "shared-"));
}

/** Undefined where Jest's global setup has not run. */
export function sharedDirectory(): string | undefined {
  return process.env[variable];
}

/** For Jest's global teardown. */
export function removeSharedDirectory(): void {
  const directory = sharedDirectory();
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
}
