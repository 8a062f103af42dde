import type { InputPath } from "../../../constructs/model/report";
import { isPatchText } from "../patches/patch-text";
import { variableNames } from "./variables";

/** Names of values that users paste into a wrong place: a cloud's secret key, a passphrase. */
const secretName = /secret|password|passphrase|token|credential|private|access_?key/i;

/**
 * The value at a path, for a message.
 * @returns undefined where there is none, where it has parts, or where it may be a secret: private
 *   keys, patches, and whatever has an unknown name or one that suggests a secret
 */
export function shownValue(
  values: Readonly<Record<string, unknown>>,
  path: InputPath,
): string | number | boolean | undefined {
  const value = path.reduce<unknown>(
    (part, step) => (part as Record<string | number, unknown> | null | undefined)?.[step],
    values,
  );
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value !== "string" || value.includes("PRIVATE KEY")) return undefined;
  // A patch may hold any secret; a file's name does not.
  if (path[0] === "config_patches" && isPatchText(value)) return undefined;
  const isOurs = (variableNames as readonly unknown[]).includes(path[0]);
  const isSecret = path.some((step) => typeof step === "string" && secretName.test(step));
  return isOurs && !isSecret ? value : undefined;
}
