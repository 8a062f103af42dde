/** The tofu that engine tests run. */
export function tofuBinary(): string {
  return process.env.TOFU_BIN ?? "tofu";
}
