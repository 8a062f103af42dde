import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { findTofu } from "../../src/tofu/binary";
import { chooseTurn } from "./rotation";
import { createSharedDirectory } from "./shared-directory";

/**
 * Chooses the turn of the clouds. Finds or builds tofu once, and compiles the sources where they have
 * changed, before the test files race for it.
 */
export default async function setup(): Promise<void> {
  chooseTurn();
  createSharedDirectory();
  const { path } = await findTofu({
    environment: process.env,
    progress: (message) => {
      process.stderr.write(`${message}\n`);
    },
  });
  process.env["TOFU_BIN"] = path;
  execFileSync(join(__dirname, "..", "..", "openaether"), ["--version"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}
