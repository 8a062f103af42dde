import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { cloudProviders } from "../../../../providers";
import { type Finding, error, ok, warning } from "../finding";
import { isAttributes, textOf } from "../state";
import { are, exportLine, isSet, type Person } from "./cloud";

const check = "credentials";

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
export function openstackCredentials(person: Person): Finding[] {
  const set = (name: string) => isSet(person, name);
  if (set("OS_CLOUD")) return [...ofCloudsYaml(person), ...quarrels(person)];
  const token = ["OS_TOKEN", "OS_AUTH_TOKEN"].find(set);
  const application = ["OS_APPLICATION_CREDENTIAL_ID", "OS_APPLICATION_CREDENTIAL_NAME"].find(set);
  if (token !== undefined) return [withUrl(person, "token", [token]), ...quarrels(person)];
  if (application !== undefined) {
    const needed = [
      application,
      "OS_APPLICATION_CREDENTIAL_SECRET",
      ...(application.endsWith("NAME") ? ["OS_USERNAME"] : []),
    ];
    return [withUrl(person, "application credential", needed), ...quarrels(person)];
  }
  return [password(person), ...quarrels(person)];
}

function isGiven(person: Person, name: string): boolean {
  return [name, ...(aliases[name] ?? [])].some((one) => isSet(person, one));
}

function password(person: Person): Finding {
  const { credentials } = cloudProviders.ovh;
  const needed = credentials.filter((name) => name !== notNeeded);
  const given = needed.filter((name) => isGiven(person, name));
  const hasProject = project.some((name) => given.includes(name));
  const missing = needed.filter(
    (name) => !given.includes(name) && !(hasProject && project.includes(name)),
  );
  if (missing.length === 0) return ok(check, `${are(given)} set`);
  const there = given.length > 0 ? ` (${are(given)})` : "";
  const text = `${are(missing)} not set${there}.`;
  return error(check, text, `. openrc.sh   # or ${exportLine(missing)}`);
}

function withUrl(person: Person, kind: string, names: readonly string[]): Finding {
  const needed = ["OS_AUTH_URL", ...names];
  const missing = needed.filter((name) => !isSet(person, name));
  return missing.length === 0
    ? ok(check, `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}: ${are(needed)} set`)
    : error(check, `For the ${kind}, ${are(missing)} not set.`, exportLine(missing));
}

/** The provider looks in its working directory, which is the stack's, not the user's. */
function ofCloudsYaml(person: Person): Finding[] {
  const { environment, userHome, stackFolder } = person;
  const cloud = environment["OS_CLOUD"] ?? "";
  const named = textOf(environment["OS_CLIENT_CONFIG_FILE"]);
  const places = [
    ...(named === undefined ? [] : [named]),
    ...(stackFolder === undefined ? [] : [join(stackFolder, "clouds.yaml")]),
    join(userHome, ".config", "openstack", "clouds.yaml"),
    "/etc/openstack/clouds.yaml",
  ];
  const file = places.find((place) => existsSync(place));
  const entry = file === undefined ? undefined : cloudsIn(file)?.[cloud];
  if (file === undefined || entry === undefined) {
    const where =
      file === undefined ? `there is no ${places.join(", no ")}` : `${file} has no such entry`;
    const cure =
      "unset OS_CLOUD   # or export OS_CLIENT_CONFIG_FILE=<absolute path of clouds.yaml>";
    return [error(check, `OS_CLOUD names ${cloud}, and ${where}.`, cure)];
  }
  const beaten = cloudProviders.ovh.credentials.filter(
    (name) => name !== notNeeded && isSet(person, name),
  );
  return beaten.length === 0
    ? [ok(check, `the cloud ${cloud} of ${file}`)]
    : [
        warning(
          check,
          `OS_CLOUD names ${cloud} of ${file}, which wins over ${beaten.join(", ")}.`,
          `unset OS_CLOUD   # or unset ${beaten.join(" ")}`,
        ),
      ];
}

function cloudsIn(file: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const content: unknown = parse(readFileSync(file, "utf8"));
    const clouds = isAttributes(content) ? content["clouds"] : undefined;
    return isAttributes(clouds) ? clouds : undefined;
  } catch {
    return undefined;
  }
}

/** Settings that contradict each other. */
function quarrels(person: Person): Finding[] {
  const value = (name: string) => textOf(person.environment[name]);
  const found: Finding[] = [];
  for (const name of project) {
    const [other = ""] = aliases[name] ?? [];
    if (value(name) !== undefined && value(other) !== undefined && value(name) !== value(other)) {
      found.push(warning(check, `${name} and ${other} differ: ${name} wins.`, `unset ${other}`));
    }
  }
  const logins = ["OS_PASSWORD", "OS_APPLICATION_CREDENTIAL_SECRET", "OS_TOKEN", "OS_AUTH_TOKEN"];
  const set = logins.filter((name) => value(name) !== undefined);
  if (set.length > 1) {
    const text = `${are(set)} set: several ways to log in. Keep the one that you mean.`;
    found.push(warning(check, text, `unset ${set.join(" ")}   # but the one`));
  }
  if (value("OS_USERNAME") !== undefined && value("OS_USER_ID") !== undefined) {
    const text = "OS_USERNAME and OS_USER_ID are both set; a login takes exactly one.";
    found.push(error(check, text, "unset OS_USER_ID"));
  }
  if (/\/v2(\.0)?\/?$/.test(value("OS_AUTH_URL") ?? "")) {
    const text = "OS_AUTH_URL ends in v2.0, which OVHcloud does not answer any more.";
    found.push(warning(check, text, "export OS_AUTH_URL=https://auth.cloud.ovh.net/v3"));
  }
  return found;
}
