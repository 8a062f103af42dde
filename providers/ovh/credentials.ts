import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type CheckResult, error, ok, warning } from "../../constructs/model/diagnostic";
import { isObject, type ResourceValues, stringOf } from "../../constructs/model/resource-values";
import { are, type CredentialSources, exportLine, isSet } from "../credential-sources";
import { info } from "./info";

/** Alternative names; the first that is set is used (provider 3.4.0). */
const aliases: Readonly<Record<string, readonly string[]>> = {
  OS_TENANT_ID: ["OS_PROJECT_ID"],
  OS_TENANT_NAME: ["OS_PROJECT_NAME"],
  OS_USERNAME: ["OS_USER_ID"],
};
/** The project, by its id or by its name. */
const project = ["OS_TENANT_ID", "OS_TENANT_NAME"];
/** The region comes from the input. */
const notNeeded = "OS_REGION_NAME";

/**
 * How the OpenStack provider would log in: with a cloud of clouds.yaml, a token, an application
 * credential, or a password.
 */
export function credentials(sources: CredentialSources): CheckResult[] {
  const set = (name: string) => isSet(sources, name);
  if (set("OS_CLOUD")) return [...ofCloudsYaml(sources), ...contradictions(sources)];
  const token = ["OS_TOKEN", "OS_AUTH_TOKEN"].find(set);
  const application = ["OS_APPLICATION_CREDENTIAL_ID", "OS_APPLICATION_CREDENTIAL_NAME"].find(set);
  if (token !== undefined) return [withUrl(sources, "token", [token]), ...contradictions(sources)];
  if (application !== undefined) {
    const needed = [
      application,
      "OS_APPLICATION_CREDENTIAL_SECRET",
      ...(application.endsWith("NAME") ? ["OS_USERNAME"] : []),
    ];
    return [withUrl(sources, "application credential", needed), ...contradictions(sources)];
  }
  return [password(sources), ...contradictions(sources)];
}

function isGiven(sources: CredentialSources, name: string): boolean {
  return [name, ...(aliases[name] ?? [])].some((one) => isSet(sources, one));
}

function password(sources: CredentialSources): CheckResult {
  const needed = info.credentialVariables.filter((name) => name !== notNeeded);
  const given = needed.filter((name) => isGiven(sources, name));
  const hasProject = project.some((name) => given.includes(name));
  const missing = needed.filter(
    (name) => !given.includes(name) && !(hasProject && project.includes(name)),
  );
  if (missing.length === 0) return ok(`${are(given)} set`);
  const there = given.length > 0 ? ` (${are(given)})` : "";
  const text = `${are(missing)} not set${there}.`;
  return error(text, `. openrc.sh   # or ${exportLine(missing)}`);
}

function withUrl(sources: CredentialSources, kind: string, names: readonly string[]): CheckResult {
  const needed = ["OS_AUTH_URL", ...names];
  const missing = needed.filter((name) => !isSet(sources, name));
  return missing.length === 0
    ? ok(`${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}: ${are(needed)} set`)
    : error(`For the ${kind}, ${are(missing)} not set.`, exportLine(missing));
}

/** The provider looks in its working directory, which is the stack's, not the user's. */
function ofCloudsYaml(sources: CredentialSources): CheckResult[] {
  const { environment, userHome, stackDirectory } = sources;
  const cloud = environment["OS_CLOUD"] ?? "";
  const named = stringOf(environment["OS_CLIENT_CONFIG_FILE"]);
  const places = [
    ...(named === undefined ? [] : [named]),
    ...(stackDirectory === undefined ? [] : [join(stackDirectory, "clouds.yaml")]),
    join(userHome, ".config", "openstack", "clouds.yaml"),
    "/etc/openstack/clouds.yaml",
  ];
  const file = places.find((place) => existsSync(place));
  const entry = file === undefined ? undefined : cloudsIn(file)?.[cloud];
  if (file === undefined || entry === undefined) {
    const where =
      file === undefined ? `there is no ${places.join(", no ")}` : `${file} has no such entry`;
    const fix = "unset OS_CLOUD   # or export OS_CLIENT_CONFIG_FILE=<absolute path of clouds.yaml>";
    return [error(`OS_CLOUD names ${cloud}, and ${where}.`, fix)];
  }
  const overridden = info.credentialVariables.filter(
    (name) => name !== notNeeded && isSet(sources, name),
  );
  return overridden.length === 0
    ? [ok(`the cloud ${cloud} of ${file}`)]
    : [
        warning(
          `OS_CLOUD names ${cloud} of ${file}, which wins over ${overridden.join(", ")}.`,
          `unset OS_CLOUD   # or unset ${overridden.join(" ")}`,
        ),
      ];
}

function cloudsIn(file: string): ResourceValues | undefined {
  try {
    const content: unknown = parse(readFileSync(file, "utf8"));
    const clouds = isObject(content) ? content["clouds"] : undefined;
    return isObject(clouds) ? clouds : undefined;
  } catch {
    return undefined;
  }
}

/** Settings that contradict each other. */
function contradictions(sources: CredentialSources): CheckResult[] {
  const value = (name: string) => stringOf(sources.environment[name]);
  const found: CheckResult[] = [];
  for (const name of project) {
    const [other = ""] = aliases[name] ?? [];
    if (value(name) !== undefined && value(other) !== undefined && value(name) !== value(other)) {
      found.push(warning(`${name} and ${other} differ: ${name} wins.`, `unset ${other}`));
    }
  }
  const logins = ["OS_PASSWORD", "OS_APPLICATION_CREDENTIAL_SECRET", "OS_TOKEN", "OS_AUTH_TOKEN"];
  const set = logins.filter((name) => value(name) !== undefined);
  if (set.length > 1) {
    const text = `${are(set)} set: several ways to log in. Keep the one that you mean.`;
    found.push(warning(text, `unset ${set.join(" ")}   # but the one`));
  }
  if (value("OS_USERNAME") !== undefined && value("OS_USER_ID") !== undefined) {
    const text = "OS_USERNAME and OS_USER_ID are both set; a login takes exactly one.";
    found.push(error(text, "unset OS_USER_ID"));
  }
  if (/\/v2(\.0)?\/?$/.test(value("OS_AUTH_URL") ?? "")) {
    const text = "OS_AUTH_URL ends in v2.0, which OVHcloud does not answer any more.";
    found.push(warning(text, "export OS_AUTH_URL=https://auth.cloud.ovh.net/v3"));
  }
  return found;
}
