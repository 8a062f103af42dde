import { cloudNames, type ClusterSpec } from "../../constructs/model/cluster-spec";
import type { Report } from "../../constructs/model/report";
import { checkAdminNetworks } from "./checks/access";
import { checkEndpoint } from "./checks/endpoint";
import type { Input } from "./syntax/input";
import { checkNetwork } from "./checks/network";
import {
  checkCounts,
  type Chosen,
  chooseCloud,
  resolveNodes,
  planNodes,
  warnOfImage,
} from "./checks/nodes";
import { checkPlainness, withoutNulls } from "./syntax/plain-values";
import { shape, type Shaped, type shapes } from "./schema/shape";
import { checkSshKeys } from "./checks/ssh-keys";
import { checkUserData } from "./checks/user-data";
import { variables } from "./schema/variables";
import { checkVersions } from "./checks/versions";

/** A host name's label, with room for "-control-plane-999" in its 63 characters (RFC 1123). */
const clusterName = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;

/**
 * Turns the input into a specification that cannot be wrong, with every default filled in.
 * @returns undefined when the report has errors
 */
export function toClusterSpec(input: Input, report: Report): ClusterSpec | undefined {
  checkPlainness(input, report);
  const given = <Name extends keyof typeof shapes>(name: Name): Shaped<Name> | undefined => {
    const value = withoutNulls(input.values[name]) ?? defaultOf(name);
    return value === null ? undefined : shape(name, value, report);
  };

  const name = given("cluster_name");
  if (name !== undefined && !clusterName.test(name)) {
    report.error(
      ["cluster_name"],
      "Lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 40 characters.",
    );
  }
  if (name !== undefined && name in {}) {
    report.error(
      ["cluster_name"],
      `${name} is reserved by the language of this program. Choose another name.`,
    );
  }
  const versions = checkVersions(given("talos_version"), given("kubernetes_version"), report);
  const networkText = given("network_cidr");
  const network = networkText === undefined ? undefined : checkNetwork(networkText, report);
  const endpoint = given("cluster_endpoint");
  const endpointName = endpoint === undefined ? undefined : checkEndpoint(endpoint, report);
  const distribution = given("node_distribution");
  const chosen = distribution === undefined ? undefined : chooseCloud(distribution, report);
  const adminNetworks = adminAccess(input, given("admin_ip"), given("allow_open_admin"), report);
  const sshKeys = bastionKeys(given("bastion_ssh_keys"), chosen, report);

  const resolved = chosen === undefined ? undefined : resolveNodes(name ?? "", chosen, report);
  const plan =
    network === undefined || resolved === undefined
      ? undefined
      : chosen?.cloud.planAddresses(network, resolved.zones);
  if (chosen !== undefined) checkCounts(chosen, plan, report);
  if (versions !== undefined && resolved !== undefined && chosen !== undefined) {
    warnOfImage(versions.talos.toString(), resolved, chosen.path, report);
  }

  const isComplete =
    name !== undefined &&
    versions !== undefined &&
    network !== undefined &&
    plan !== undefined &&
    chosen !== undefined &&
    resolved !== undefined;
  if (!isComplete || report.hasErrors) return undefined;
  const spec: ClusterSpec = {
    name,
    cloud: chosen.cloud.name,
    talosVersion: versions.talos,
    kubernetesVersion: versions.kubernetes,
    network,
    adminNetworks,
    ...(endpointName === undefined ? {} : { endpointName }),
    region: resolved.region,
    zone: resolved.zone,
    nodes: planNodes(chosen.settings, resolved, plan),
    slots: plan.slots,
    nodeImage: resolved.nodeImage,
    rootVolumeGb: resolved.rootVolumeGb,
    bastion: {
      address: plan.bastion,
      sshKeys,
      machineType: resolved.bastionMachineType,
      image: resolved.bastionImage,
    },
  };
  return checkUserData(spec, chosen.cloud, report) ? spec : undefined;
}

function defaultOf(name: keyof typeof shapes): unknown {
  return variables.find((variable) => variable.name === name)?.default ?? null;
}

function adminAccess(
  input: Input,
  given: Shaped<"admin_ip"> | undefined,
  allowOpen: boolean | undefined,
  report: Report,
) {
  if (given !== undefined) return checkAdminNetworks(given, allowOpen ?? false, report);
  if ((input.values["admin_ip"] ?? null) === null) {
    report.error(
      ["admin_ip"],
      'Required: the public IPv4 address you administer from, such as "203.0.113.7".',
    );
  }
  return [];
}

/** The keys of the chosen cloud; those of the others are checked all the same. */
function bastionKeys(
  given: Shaped<"bastion_ssh_keys"> | undefined,
  chosen: Chosen | undefined,
  report: Report,
): readonly string[] {
  if (given === undefined) return [];
  const checked = new Map(
    cloudNames.flatMap((name) => {
      const keys = given[name];
      return keys === undefined
        ? []
        : [[name, checkSshKeys(keys, ["bastion_ssh_keys", name], report)] as const];
    }),
  );
  if (chosen === undefined) return [];
  const { name } = chosen.cloud;
  if (given[name] === undefined) {
    report.error(
      ["bastion_ssh_keys", name],
      `Required: a public SSH key for the bastion, { ${name} = "ssh-ed25519 AAAA…" }.`,
    );
  }
  return checked.get(name) ?? [];
}
