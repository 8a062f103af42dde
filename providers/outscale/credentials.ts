import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CheckResult, error, ok, warning } from "../../constructs/model/diagnostic";
import { isObject, type ResourceValues, stringOf } from "../../constructs/model/resource-values";
import { shellWord } from "../../constructs/shell-word";
import { are, type CredentialSources, exportLine, isSet } from "../credential-sources";
import { info } from "./info";

/** The region comes from the input. */
const needed = info.credentialVariables.filter((name) => name !== "OSC_REGION");
/** Names that the provider no longer reads (since 1.6.0). */
const formerNames = ["OUTSCALE_ACCESSKEYID", "OUTSCALE_SECRETKEYID"];

/** A profile takes precedence over the environment (provider 1.8.0), which only fills in what the profile lacks. */
export function credentials(sources: CredentialSources): CheckResult[] {
  const { environment, userHome } = sources;
  const file = stringOf(environment["OSC_CONFIG_FILE"]) ?? join(userHome, ".osc", "config.json");
  const chosen = stringOf(environment["OSC_PROFILE"]);
  const name = chosen ?? "default";
  const profiles = readProfiles(file);
  if (isSet(sources, "OSC_CONFIG_FILE") && profiles === undefined) {
    return [error(`OSC_CONFIG_FILE names ${file}, which cannot be read.`, "unset OSC_CONFIG_FILE")];
  }
  const profile = profiles?.[name];
  if (chosen !== undefined && !isObject(profile)) {
    return [
      error(`OSC_PROFILE names ${name}, and ${file} has no such profile.`, "unset OSC_PROFILE"),
    ];
  }
  const exported = needed.filter((variable) => isSet(sources, variable));
  const keys = isObject(profile) ? keysOf(profile) : {};
  const isFull = needed.every((variable) => keys[variable] !== undefined);
  if (isFull) {
    const isOther = exported.some((variable) => keys[variable] !== environment[variable]);
    if (!isOther) return [ok(`the profile ${name} of ${file}`)];
    const text = `The profile ${name} of ${file} wins over ${exported.join(" and ")}, without a word: its account is the one that is used.`;
    return [
      warning(
        text,
        `mv ${shellWord(file)} ${shellWord(`${file}.away`)}   # or export OSC_PROFILE=<another>`,
      ),
    ];
  }
  const missing = needed.filter(
    (variable) => (keys[variable] ?? environment[variable] ?? "") === "",
  );
  if (missing.length === 0) return [ok(`${are(needed)} set`)];
  const former = formerNames.filter((variable) => isSet(sources, variable));
  const ignored = former.length > 0 ? ` (${are(former)}, and not read any more)` : "";
  const there = exported.length > 0 ? ` (${are(exported)})` : ignored;
  return [
    error(`${are(missing)} not set${there}.`, `${exportLine(missing)}   # console → Access keys`),
  ];
}

/** @returns undefined when there is no such file, or it is no JSON */
function readProfiles(file: string): ResourceValues | undefined {
  try {
    const content: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
    return isObject(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

function keysOf(profile: ResourceValues): Readonly<Record<string, string | undefined>> {
  return {
    OSC_ACCESS_KEY: stringOf(profile["access_key"]),
    OSC_SECRET_KEY: stringOf(profile["secret_key"]),
  };
}
