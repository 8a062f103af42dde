/** Machine configurations are smaller, on every cloud. */
export const mostPatchKilobytes = 64;

/**
 * Whether an entry of `config_patches` is a patch itself: it has several lines, or begins with `{` or
 * `[`. Every other one is the path of a file.
 */
export function isPatchText(entry: string): boolean {
  return /[\n\r]/.test(entry) || /^\s*[{[]/.test(entry);
}
