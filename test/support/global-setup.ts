import { findTofu } from "../../src/tofu/binary";

/** Finds or builds tofu once, before the test files race for it. */
export default async function setup(): Promise<void> {
  const { path } = await findTofu({
    environment: process.env,
    progress: (message) => {
      process.stderr.write(`${message}\n`);
    },
  });
  process.env["TOFU_BIN"] = path;
}
