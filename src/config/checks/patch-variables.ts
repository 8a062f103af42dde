import type { ConfigPatches } from "../../../constructs/model/cluster-spec";
import type { Report } from "../../../constructs/model/report";
import { nearest } from "../../../constructs/model/suggestion";
import { promises } from "../patches/promise-names";
import type { GivenPatches } from "../schema/patch-targets";
import type { InputFiles } from "../syntax/input-files";
import type * as ConfigPatchChecks from "./config-patches";

/** Loads a parser of YAML and the table of Talos's keys, so only where there are patches. */
export function checkConfigPatches(
  given: GivenPatches,
  report: Report,
  others: Readonly<Record<string, unknown>>,
  files: InputFiles,
): { configPatches: ConfigPatches } {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a static import loads them always
  const checks = require("./config-patches") as typeof ConfigPatchChecks;
  return checks.checkConfigPatches(given, report, others, files);
}

/** Only names of promises. */
export function checkConsents(given: readonly string[], report: Report): undefined {
  const names = Object.keys(promises);
  for (const [index, name] of given.entries()) {
    if (names.includes(name)) continue;
    report.error(
      ["allow_unsafe_patches", index],
      `There is no promise of this name. Allowed: ${names.join(", ")}.${nearest(name, names)}`,
    );
  }
  return undefined;
}
