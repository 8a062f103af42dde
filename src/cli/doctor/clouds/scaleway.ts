import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import {
  blocksOf,
  isObject,
  type ResourceValues,
  stringOf,
  stringsOf,
} from "../../../../constructs/model/resource-values";
import { cloudInfo } from "../../../../providers/info";
import { type Finding, error, ok, warning } from "../finding";
import type { State } from "../state";
import { type Access, are, type CloudKnowledge, exportLine, isSet, type Person } from "./cloud";

const check = "credentials";
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** The forms that the SDK insists on before it asks anything (scaleway-sdk-go, client options). */
const forms: Readonly<Record<string, { readonly form: RegExp; readonly words: string }>> = {
  SCW_ACCESS_KEY: { form: /^SCW[A-Z0-9]{17}$/, words: "SCW and 17 capitals or digits" },
  SCW_SECRET_KEY: { form: uuid, words: "a UUID" },
  SCW_DEFAULT_PROJECT_ID: { form: uuid, words: "a UUID" },
};

export const scaleway: CloudKnowledge = { credentials, access };

/** The environment wins over a profile of the file, setting by setting (provider 2.80.0). */
function credentials(person: Person): Finding[] {
  const needed = cloudInfo.scaleway.credentialVariables;
  const profile = readProfile(person);
  const inProfile = (name: string) =>
    stringOf(profile?.settings[name.replace("SCW_", "").toLowerCase()]);
  const exported = needed.filter((name) => isSet(person, name));
  const filled = needed.filter((name) => !isSet(person, name) && inProfile(name) !== undefined);
  const missing = needed.filter((name) => !exported.includes(name) && !filled.includes(name));
  const found: Finding[] = [];
  if (missing.length > 0) {
    const there = [...exported, ...filled];
    found.push(
      error(
        check,
        `${are(missing)} not set${there.length > 0 ? ` (${are(there)})` : ""}.`,
        `${exportLine(missing)}   # console → IAM → API keys`,
      ),
    );
  } else if (filled.length === 0) {
    const also = needed.some((name) => inProfile(name) !== undefined);
    const over = also && profile !== undefined ? `, and win over ${profile.title}` : "";
    found.push(ok(check, `${are(needed)} set${over}`));
  } else if (exported.length === 0) {
    found.push(ok(check, `of ${profile?.title ?? ""}`));
  } else {
    const text = `From two places: ${are(exported)} set in the environment, ${are(filled)} of ${profile?.title ?? ""}. Do they belong together?`;
    found.push(warning(check, text, `unset ${exported.join(" ")}`));
  }
  return [...found, ...misshapen(person, inProfile), ...elsewhere(person)];
}

/** Told before the SDK refuses them with their values. */
function misshapen(person: Person, inProfile: (name: string) => string | undefined): Finding[] {
  return Object.entries(forms).flatMap(([name, { form, words }]) => {
    const value = stringOf(person.environment[name]) ?? inProfile(name);
    return value === undefined || form.test(value)
      ? []
      : [
          error(
            check,
            `${name} has not the form of one: ${words}. It is not shown.`,
            exportLine([name]),
          ),
        ];
  });
}

function elsewhere(person: Person): Finding[] {
  return isSet(person, "SCW_API_URL")
    ? [
        warning(
          check,
          "SCW_API_URL is set: another API than Scaleway's is asked.",
          "unset SCW_API_URL",
        ),
      ]
    : [];
}

interface Profile {
  /** "the profile work of /home/me/.config/scw/config.yaml" */
  readonly title: string;
  readonly settings: ResourceValues;
}

/** The profile that counts: SCW_PROFILE, else the file's active one, else its top level. */
function readProfile({ environment, userHome }: Person): Profile | undefined {
  const folder = stringOf(environment["XDG_CONFIG_HOME"]) ?? join(userHome, ".config");
  const file = stringOf(environment["SCW_CONFIG_PATH"]) ?? join(folder, "scw", "config.yaml");
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

/** The load balancer's own network, the rules of its frontend, the gateway's address. */
function access(state: State): Access | undefined {
  const balancer = state.at("scaleway_lb.api");
  if (balancer === undefined) return undefined;
  const network = state.at("scaleway_vpc_private_network.cluster")?.["id"];
  const rules = blocksOf(state.at("scaleway_lb_frontend.api")?.["acl"]).map((rule) => ({
    type: blocksOf(rule["action"])[0]?.["type"],
    networks: stringsOf(blocksOf(rule["match"])[0]?.["ip_subnet"]),
  }));
  const deny = rules.findIndex(
    ({ type, networks }) => type === "deny" && networks.includes("0.0.0.0/0"),
  );
  // First match wins, and no match is let in.
  const before = deny < 0 ? rules : rules.slice(0, deny);
  const served = stringsOf(state.at("scaleway_lb_backend.api")?.["server_ips"]);
  const ownNetworks = blocksOf(
    state.at("scaleway_vpc_private_network.cluster")?.["ipv4_subnet"],
  ).map(({ subnet }) => subnet);
  return {
    isAttached: blocksOf(balancer["private_network"]).some(
      (attachment) => attachment["private_network_id"] === network,
    ),
    attachedBy: "scaleway_lb.api",
    letsIn: before
      .flatMap(({ type, networks }) => (type === "allow" ? networks : []))
      .filter((allowed) => !ownNetworks.includes(allowed)),
    refusesOthers: deny >= 0,
    egress: [stringOf(state.at("scaleway_vpc_public_gateway_ip.gateway")?.["address"])].filter(
      (address) => address !== undefined,
    ),
    controlPlanes: state.controlPlanes("scaleway_ipam_ip").map(({ name, of }) => {
      const address = stringOf(of["address"]) ?? "";
      return { name, address, isServed: served.includes(address) };
    }),
  };
}
