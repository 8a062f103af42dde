/** The tofu of the engine tests, found by global-setup. */
export function tofuBinary(): string {
  const path = process.env["TOFU_BIN"];
  if (path === undefined) throw new Error("global-setup did not run");
  return path;
}
