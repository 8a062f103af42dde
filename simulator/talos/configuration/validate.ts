import { at, listAt, stringAt } from "./access";
import { isMapping, kindOf, MAIN, type Mapping } from "./documents";
import { isNetwork } from "./networks";
import { parsePortRange, type PortRange } from "./ports";
import { labelProblems } from "./node-labels";
import { mainProblems } from "./validate-main";

/** The checks of one kind of document. */
const CHECKS: Readonly<Record<string, (document: Mapping) => string[]>> = {
  BlackholeRouteConfig: blackholeProblems,
  HostnameConfig: hostnameProblems,
  NetworkRuleConfig: (document) => firstOf(ruleProblems(document)),
  VolumeConfig: volumeProblems,
};

/** Conflicts with the main document. */
const CONFLICTS: Readonly<Record<string, (document: Mapping, main: Mapping) => string[]>> = {
  HostnameConfig: hostnameConflicts,
  VolumeConfig: volumeConflicts,
  ResolverConfig: (_, main) =>
    firstOf(
      ["searchDomains", "nameservers", "disableSearchDomain"]
        .filter((name) => isSet(at(main, "machine", "network", name)))
        .map((name) => `.machine.network.${name} is already set in v1alpha1 config`),
    ),
};

/**
 * Every reason for which Talos would refuse this configuration on a cloud, in its messages; empty
 * when it is valid. What cannot even be decoded is refused before, by `loadDocuments`.
 */
export function configurationProblems(documents: readonly Mapping[]): string[] {
  const main = documents.find((document) => kindOf(document) === MAIN);
  const others = documents.filter((document) => document !== main);
  const inMain = main ? [...mainProblems(main), ...labelsIn(main)] : [];
  const inOthers = others.flatMap((document) => {
    const problems = CHECKS[kindOf(document)]?.(document) ?? [];
    return problems.length > 0 ? [`${nameOf(document)}: ${problems.join("\n")}`] : [];
  });
  const between = main
    ? others.flatMap((document) => CONFLICTS[kindOf(document)]?.(document, main) ?? [])
    : [];
  return [
    ...(inMain.length > 0 ? [`v1alpha1.Config: ${joinProblems(inMain)}`] : []),
    ...inOthers,
    ...between,
  ];
}

function labelsIn(main: Mapping): string[] {
  return labelProblems(main).map(
    ({ what, problems }) => `invalid machine node ${what}: ${joinProblems(problems)}`,
  );
}

/** "HostnameConfig", "NetworkRuleConfig/apid". */
function nameOf(document: Mapping): string {
  const name = stringAt(document, "name");
  return name ? `${kindOf(document)}/${name}` : kindOf(document);
}

/** Several problems as one string, as Talos logs them. */
export function joinProblems(problems: readonly string[]): string {
  const count = problems.length === 1 ? "1 error" : `${problems.length} errors`;
  return `${count} occurred:\n${problems.map((text) => `\t* ${text}\n`).join("")}`;
}

function blackholeProblems(document: Mapping): string[] {
  const name = stringAt(document, "name");
  if (name === "") return ["name must be specified"];
  return isNetwork(name) ? [] : [`name must be a valid address prefix: ${JSON.stringify(name)}`];
}

function hostnameProblems(document: Mapping): string[] {
  const auto = stringAt(document, "auto") || "off";
  const hostname = stringAt(document, "hostname");
  const [label = ""] = hostname.split(".");
  return [
    ...(auto === "off" && !hostname ? ["either 'auto' or 'hostname' must be set"] : []),
    ...(auto !== "off" && hostname ? ["'auto' and 'hostname' cannot be set at the same time"] : []),
    ...(["off", "stable"].includes(auto) ? [] : [`invalid value for 'auto': ${auto}`]),
    ...(hostname.length > 253 ? [`fqdn is too long: ${hostname.length}`] : []),
    ...(hostname && (label === "" || label.length > 63)
      ? [`invalid hostname ${JSON.stringify(label)}`]
      : []),
  ];
}

function hostnameConflicts(_: Mapping, main: Mapping): string[] {
  if (stringAt(main, "machine", "network", "hostname")) {
    return ["static hostname is already set in v1alpha1 config"];
  }
  return at(main, "machine", "features", "stableHostname") === true
    ? ["stable hostname is already set in v1alpha1 config"]
    : [];
}

function ruleProblems(document: Mapping): string[] {
  const ports = listAt(document, "portSelector", "ports");
  const ranges = ports.map(parsePortRange);
  const invalid = ports.filter((_, index) => ranges[index] === undefined);
  return [
    ...(stringAt(document, "name") ? [] : ["name is required"]),
    ...(ports.length > 0 ? [] : ["portSelector.ports is required"]),
    ...invalid.map((port) => `invalid port range: ${JSON.stringify(port)}`),
    ...rangeProblems(ranges.filter((range) => range !== undefined)),
    ...listAt(document, "ingress").flatMap((entry) => {
      if (!isMapping(entry) || !isNetwork(entry.subnet)) return ["invalid subnet: invalid Prefix"];
      const { except = null } = entry;
      return except === null || isNetwork(except) ? [] : ["invalid except: invalid Prefix"];
    }),
  ];
}

function rangeProblems(ranges: readonly PortRange[]): string[] {
  const print = ({ from, to }: PortRange) => `${from}-${to}`;
  const sorted = [...ranges].sort((a, b) => a.from - b.from);
  return sorted.flatMap((range, index) => {
    if (range.to < range.from || range.to > 65_535) return [`invalid port range: ${print(range)}`];
    const previous = sorted[index - 1];
    if (previous === undefined || previous.to < range.from) return [];
    return [`invalid port range: ${print(range)}, overlaps with ${print(previous)}`];
  });
}

function volumeProblems(document: Mapping): string[] {
  const name = stringAt(document, "name");
  const allowed = ["STATE", "EPHEMERAL", "IMAGECACHE"];
  if (!allowed.includes(name)) {
    return [`only ["${allowed.join('" "')}"] volumes are supported`];
  }
  const encryption = at(document, "encryption");
  if (!isMapping(encryption)) return [];
  const keys = listAt(encryption, "keys").filter(isMapping);
  const slots = keys.map(({ slot }) => JSON.stringify(slot));
  return [
    ...(["luks2", ""].includes(stringAt(encryption, "provider"))
      ? []
      : [`unsupported encryption provider: ${stringAt(encryption, "provider")}`]),
    ...(keys.length > 0 ? [] : ["encryption keys are required"]),
    ...slots
      .filter((slot, index) => slots.indexOf(slot) < index)
      .map((slot) => `duplicate key slot ${slot}`),
    ...keys
      .filter((key) => !["static", "nodeID", "kms", "tpm"].some((kind) => isSet(key[kind])))
      .map(
        ({ slot }) =>
          `at least one encryption key type must be specified for slot ${JSON.stringify(slot)}`,
      ),
  ];
}

function volumeConflicts(document: Mapping, main: Mapping): string[] {
  const name = stringAt(document, "name");
  const old = at(main, "machine", "systemDiskEncryption", name.toLowerCase());
  if (!isSet(old) || !isSet(document.encryption)) return [];
  return [
    `system disk encryption for "${name}" is configured in both v1alpha1.Config and VolumeConfig`,
  ];
}

function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== "" && value !== false;
}

/** Some checks of Talos stop at their first problem. */
function firstOf(problems: string[]): string[] {
  return problems.slice(0, 1);
}
