/** The tofu that engine tests run: global-setup has found it. */
export function tofuBinary(): string {
  const path = process.env["TOFU_BIN"];
  if (path === undefined) throw new Error("global-setup did not run");
  return path;
}
