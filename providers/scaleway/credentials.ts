import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type CheckResult, error, ok, warning } from "../../constructs/model/diagnostic";
import { isObject, type ResourceValues, stringOf } from "../../constructs/model/resource-values";
import { are, type CredentialSources, exportLine, isSet } from "../credential-sources";
import { info } from "./info";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** The formats that the SDK requires before any request (scaleway-sdk-go, client options). */
const forms: Readonly<Record<string, { readonly form: RegExp; readonly words: string }>> = {
  SCW_ACCESS_KEY: { form: /^SCW[A-Z0-9]{17}$/, words: "SCW and 17 capitals or digits" },
  SCW_SECRET_KEY: { form: uuid, words: "a UUID" },
  SCW_DEFAULT_PROJECT_ID: { form: uuid, words: "a UUID" },
};

/** The environment takes precedence over a profile of the file, setting by setting (provider 2.80.0). */
export function credentials(sources: CredentialSources): CheckResult[] {
  const needed = info.credentialVariables;
  const profile = readProfile(sources);
  const inProfile = (name: string) =>
    stringOf(profile?.settings[name.replace("SCW_", "").toLowerCase()]);
  const exported = needed.filter((name) => isSet(sources, name));
  const filled = needed.filter((name) => !isSet(sources, name) && inProfile(name) !== undefined);
  const missing = needed.filter((name) => !exported.includes(name) && !filled.includes(name));
  const found: CheckResult[] = [];
  if (missing.length > 0) {
    const there = [...exported, ...filled];
    found.push(
      error(
        `${are(missing)} not set${there.length > 0 ? ` (${are(there)})` : ""}.`,
        `${exportLine(missing)}   # console → IAM → API keys`,
      ),
    );
  } else if (filled.length === 0) {
    const also = needed.some((name) => inProfile(name) !== undefined);
    const over = also && profile !== undefined ? `, and win over ${profile.title}` : "";
    found.push(ok(`${are(needed)} set${over}`));
  } else if (exported.length === 0) {
    found.push(ok(`of ${profile?.title ?? ""}`));
  } else {
    const text = `From two places: ${are(exported)} set in the environment, ${are(filled)} of ${profile?.title ?? ""}. Do they belong together?`;
    found.push(warning(text, `unset ${exported.join(" ")}`));
  }
  return [...found, ...misshapen(sources, inProfile), ...elsewhere(sources)];
}

/** Reported before the SDK refuses them and prints their values. */
function misshapen(
  sources: CredentialSources,
  inProfile: (name: string) => string | undefined,
): CheckResult[] {
  return Object.entries(forms).flatMap(([name, { form, words }]) => {
    const value = stringOf(sources.environment[name]) ?? inProfile(name);
    return value === undefined || form.test(value)
      ? []
      : [error(`${name} has not the form of one: ${words}. It is not shown.`, exportLine([name]))];
  });
}

function elsewhere(sources: CredentialSources): CheckResult[] {
  return isSet(sources, "SCW_API_URL")
    ? [warning("SCW_API_URL is set: another API than Scaleway's is asked.", "unset SCW_API_URL")]
    : [];
}

interface Profile {
  /** "the profile work of /home/me/.config/scw/config.yaml" */
  readonly title: string;
  readonly settings: ResourceValues;
}

/** The profile in use: SCW_PROFILE, otherwise the file's active one, otherwise its top level. */
function readProfile({ environment, userHome }: CredentialSources): Profile | undefined {
  const directory = stringOf(environment["XDG_CONFIG_HOME"]) ?? join(userHome, ".config");
  const file = stringOf(environment["SCW_CONFIG_PATH"]) ?? join(directory, "scw", "config.yaml");
  if (!existsSync(file)) return undefined;
  let config: unknown;
  try {
    config = parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
  if (!isObject(config)) return undefined;
  const name =
    stringOf(environment["SCW_PROFILE"]) ?? stringOf(config["active_profile"]) ?? "default";
  const profiles = isObject(config["profiles"]) ? config["profiles"] : {};
  const own = profiles[name];
  return {
    title: `the profile ${name} of ${file}`,
    settings: { ...config, ...(isObject(own) ? own : {}) },
  };
}
