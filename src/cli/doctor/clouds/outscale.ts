import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  blocksOf,
  isObject,
  type ResourceValues,
  stringOf,
  stringsOf,
} from "../../../../constructs/model/resource-values";
import { type Finding, error, ok, warning } from "../finding";
import type { State } from "../state";
import { type Access, are, type CloudKnowledge, exportLine, isSet, type Person } from "./cloud";
import { shellWord } from "../../../shell";

const check = "credentials";
/** OSC_REGION is not needed: the region comes from the input. */
const needed = ["OSC_ACCESS_KEY", "OSC_SECRET_KEY"];
/** Names that the provider no longer reads (since 1.6.0). */
const formerNames = ["OUTSCALE_ACCESSKEYID", "OUTSCALE_SECRETKEYID"];

export const outscale: CloudKnowledge = { credentials, access };

/** A profile wins over the environment (provider 1.8.0): what is exported only fills in what it lacks. */
function credentials(person: Person): Finding[] {
  const { environment, userHome } = person;
  const file = stringOf(environment["OSC_CONFIG_FILE"]) ?? join(userHome, ".osc", "config.json");
  const chosen = stringOf(environment["OSC_PROFILE"]);
  const name = chosen ?? "default";
  const profiles = readProfiles(file);
  if (isSet(person, "OSC_CONFIG_FILE") && profiles === undefined) {
    return [
      error(check, `OSC_CONFIG_FILE names ${file}, which cannot be read.`, "unset OSC_CONFIG_FILE"),
    ];
  }
  const profile = profiles?.[name];
  if (chosen !== undefined && !isObject(profile)) {
    return [
      error(
        check,
        `OSC_PROFILE names ${name}, and ${file} has no such profile.`,
        "unset OSC_PROFILE",
      ),
    ];
  }
  const exported = needed.filter((variable) => isSet(person, variable));
  const keys = isObject(profile) ? keysOf(profile) : {};
  const isFull = needed.every((variable) => keys[variable] !== undefined);
  if (isFull) {
    const isOther = exported.some((variable) => keys[variable] !== environment[variable]);
    if (!isOther) return [ok(check, `the profile ${name} of ${file}`)];
    const text = `The profile ${name} of ${file} wins over ${exported.join(" and ")}, without a word: its account is the one that is used.`;
    return [
      warning(
        check,
        text,
        `mv ${shellWord(file)} ${shellWord(`${file}.away`)}   # or export OSC_PROFILE=<another>`,
      ),
    ];
  }
  const missing = needed.filter(
    (variable) => (keys[variable] ?? environment[variable] ?? "") === "",
  );
  if (missing.length === 0) return [ok(check, `${are(needed)} set`)];
  const former = formerNames.filter((variable) => isSet(person, variable));
  const ignored = former.length > 0 ? ` (${are(former)}, and not read any more)` : "";
  const there = exported.length > 0 ? ` (${are(exported)})` : ignored;
  return [
    error(
      check,
      `${are(missing)} not set${there}.`,
      `${exportLine(missing)}   # console → Access keys`,
    ),
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

/** The NAT service has the nodes' public address. */
function access(state: State): Access | undefined {
  const balancer = state.at("outscale_load_balancer.api");
  if (balancer === undefined) return undefined;
  const group = state.at("outscale_security_group.api")?.["security_group_id"];
  const subnet = state.at("outscale_subnet.public")?.["subnet_id"];
  const groups = stringsOf(balancer["security_groups"]);
  const served = stringsOf(state.at("outscale_load_balancer_vms.api")?.["backend_vm_ids"]);
  return {
    isAttached: stringsOf(balancer["subnets"]).some((id) => id === subnet),
    attachedBy: "outscale_load_balancer.api",
    letsIn: letIn(state),
    refusesOthers: groups.length === 1 && groups[0] === group,
    egress: blocksOf(state.at("outscale_nat_service.nat")?.["public_ips"])
      .map((ip) => stringOf(ip["public_ip"]))
      .filter((ip) => ip !== undefined),
    controlPlanes: state.controlPlanes("outscale_vm").map(({ name, of }) => ({
      name,
      address: stringOf(of["private_ip"]) ?? "",
      isServed: served.some((id) => id === of["vm_id"]),
    })),
  };
}

/**
 * A rule is a resource of its own, and stays in the state whatever became of it; the group shows the
 * rules there are, if it was read after they were made.
 */
function letIn(state: State): string[] {
  const group = state.at("outscale_security_group.api");
  if (state.isFresh) {
    return blocksOf(group?.["inbound_rules"]).flatMap((rule) => stringsOf(rule["ip_ranges"]));
  }
  return state
    .all("outscale_security_group_rule")
    .filter((rule) => rule["security_group_id"] === group?.["security_group_id"])
    .map((rule) => stringOf(rule["ip_range"]))
    .filter((range) => range !== undefined);
}
