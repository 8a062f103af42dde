import type { CloudProvider, Placement } from "../../constructs/cloud-provider";
import {
  type CloudName,
  cloudNames,
  type ClusterSpec,
  type NodeSpec,
} from "../../constructs/cluster";
import type { InputPath, Report } from "../../constructs/report";
import { nearest } from "../../constructs/suggestion";
import { cloudProviders } from "../../providers";
import { checkAdminNetworks, checkSshKeys } from "./access";
import type { Input } from "./input";
import { type AddressPlan, checkNetwork, planAddresses } from "./network";
import { type Distribution, type Shaped, shape, type shapes } from "./shape";
import { replacedVariables, variableNames, variables } from "./variables";
import { checkVersions } from "./versions";

/** A host name's label, with room for "-control-plane-999" in its 63 characters (RFC 1123). */
const clusterName = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;
/** etcd answers slower with every member; more than seven have no use (etcd's own advice). */
const mostControlPlanes = 7;

/** What the original's example held before anyone edited it. */
const placeholderEndpoint = "openaether.local";

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
  const versions = checkVersions(given("talos_version"), given("kubernetes_version"), report);
  const networkText = given("network_cidr");
  const network = networkText === undefined ? undefined : checkNetwork(networkText, report);
  const plan = network === undefined ? undefined : planAddresses(network);
  const endpoint = given("cluster_endpoint");
  const endpointName = endpoint === undefined ? undefined : checkEndpoint(endpoint, report);
  const distribution = given("node_distribution");
  const chosen = distribution === undefined ? undefined : chooseCloud(distribution, report);
  const adminNetworks = adminAccess(input, given("admin_ip"), given("allow_open_admin"), report);
  const sshKeys = bastionKeys(input, given("bastion_ssh_keys"), chosen, report);

  const placement = chosen === undefined ? undefined : placeNodes(name ?? "", chosen, plan, report);
  if (versions !== undefined && placement !== undefined && chosen !== undefined) {
    warnOfImage(versions.talos.toString(), placement, chosen.path, report);
  }

  const isComplete =
    name !== undefined &&
    versions !== undefined &&
    network !== undefined &&
    plan !== undefined &&
    chosen !== undefined &&
    placement !== undefined;
  if (!isComplete || report.hasErrors) return undefined;
  return {
    name,
    cloud: chosen.cloud.name,
    talosVersion: versions.talos,
    kubernetesVersion: versions.kubernetes,
    network,
    adminNetworks,
    ...(endpointName === undefined ? {} : { endpointName }),
    region: placement.region,
    zone: placement.zone,
    nodes: planNodes(chosen.settings, placement, plan),
    addresses: plan.infrastructure,
    slots: plan.slots,
    nodeImage: placement.nodeImage,
    rootVolumeGb: placement.rootVolumeGb,
    bastion: {
      sshKeys,
      machineType: placement.bastionMachineType,
      image: placement.bastionImage,
    },
  };
}

/** Only known variables, only plain values, no placeholder left. */
function checkPlainness(input: Input, report: Report): void {
  for (const name of Object.keys(input.values)) {
    if ((variableNames as readonly string[]).includes(name)) continue;
    const replaced = replacedVariables[name];
    report.error([name], replaced ?? `There is no such variable.${nearest(name, variableNames)}`);
  }
  for (const path of input.expressions) {
    report.error(path, "Only plain values belong here: no references, calls or sums.");
  }
  visitTexts(input.values, [], (text, path) => {
    if (/^<.*>$/.test(text.trim())) report.error(path, "Still the example's placeholder.");
  });
}

function visitTexts(
  value: unknown,
  path: InputPath,
  visit: (text: string, path: InputPath) => void,
): void {
  if (typeof value === "string") visit(value, path);
  else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      visitTexts(item, [...path, Array.isArray(value) ? Number(key) : key], visit);
    }
  }
}

/** To tofu, an optional attribute that is null is one that is absent. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, withoutNulls(item)]),
  );
}

function defaultOf(name: keyof typeof shapes): unknown {
  return variables.find((variable) => variable.name === name)?.default ?? null;
}

interface Chosen {
  readonly cloud: CloudProvider;
  readonly settings: Distribution;
  readonly path: InputPath;
}

function chooseCloud(
  distribution: Shaped<"node_distribution">,
  report: Report,
): Chosen | undefined {
  const path = ["node_distribution"];
  const withNodes = cloudNames.filter((name) => {
    const settings = distribution[name];
    return settings !== undefined && settings.control_planes + settings.workers > 0;
  });
  const [name] = withNodes;
  if (name === undefined) {
    report.error(
      path,
      'No cloud has nodes. For one node: { scaleway = { control_planes = 1, workers = 0, region = "fr-par" } }.',
    );
    return undefined;
  }
  if (withNodes.length > 1) {
    report.error(
      path,
      `Exactly one cloud may have nodes, since a cluster is one private network; these do: ${withNodes.join(", ")}.`,
    );
    return undefined;
  }
  const cloud = cloudProviders[name];
  const settings = distribution[name];
  if (cloud === undefined || settings === undefined) {
    report.error(
      [...path, name],
      `Not built yet. Clouds so far: ${Object.keys(cloudProviders).join(", ")}.`,
    );
    return undefined;
  }
  return { cloud, settings, path: [...path, name] };
}

function adminAccess(
  input: Input,
  given: Shaped<"admin_ip"> | undefined,
  allowOpen: boolean | undefined,
  report: Report,
) {
  if (given === undefined) {
    if ((input.values["admin_ip"] ?? null) === null) {
      report.error(
        ["admin_ip"],
        'Required: the public IPv4 address you administer from, such as "203.0.113.7".',
      );
    }
    return [];
  }
  return isPlaceholder(given) ? [] : checkAdminNetworks(given, allowOpen ?? false, report);
}

function bastionKeys(
  input: Input,
  given: Shaped<"bastion_ssh_keys"> | undefined,
  chosen: Chosen | undefined,
  report: Report,
): readonly string[] {
  if (chosen === undefined || given === undefined) return [];
  const name: CloudName = chosen.cloud.name;
  const path = ["bastion_ssh_keys", name];
  const keys = given[name];
  if (keys === undefined) {
    report.error(
      "bastion_ssh_keys" in input.values ? ["bastion_ssh_keys"] : path,
      `Required: a public SSH key for the bastion, { ${name} = "ssh-ed25519 AAAA…" }.`,
    );
    return [];
  }
  return isPlaceholder(keys) ? [] : checkSshKeys(keys, path, report);
}

/** Told once already. */
function isPlaceholder(value: string | readonly string[]): boolean {
  return typeof value === "string" && /^<.*>$/.test(value.trim());
}

function checkEndpoint(text: string, report: Report): string | undefined {
  const path = ["cluster_endpoint"];
  const name = /^(?:https:\/\/)?([^:/]+)(?::6443)?\/?$/.exec(text.trim())?.[1] ?? "";
  if (name === placeholderEndpoint) {
    report.error(
      path,
      "Still the original's placeholder. Remove the line, or put your own name here.",
    );
  } else if (!/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i.test(name)) {
    report.error(
      path,
      'A DNS name, such as "api.example.org", that you point at the load balancer once it exists. ' +
        "The load balancer's own address needs no line.",
    );
  }
  return name.toLowerCase();
}

function placeNodes(
  clusterName: string,
  { cloud, settings, path }: Chosen,
  plan: AddressPlan | undefined,
  report: Report,
): Placement {
  checkCounts(settings, path, plan, report);
  if (settings.subnet_id !== undefined) {
    report.error(
      [...path, "subnet_id"],
      "The cluster makes its own network, so that nothing else is on it. Remove the line.",
    );
  }
  return cloud.place(
    {
      clusterName,
      path,
      controlPlanes: settings.control_planes,
      workers: settings.workers,
      region: settings.region,
      zone: settings.zone,
      zones: settings.zones,
      instanceType: settings.instance_type,
      controlPlaneInstanceType: settings.control_plane_instance_type,
      workerInstanceType: settings.worker_instance_type,
      imageId: settings.image_id,
      imageName: settings.image_name,
      rootVolumeGb: settings.root_volume_gb,
      bastionInstanceType: settings.bastion_instance_type,
      bastionImage: settings.bastion_image,
    },
    report,
  );
}

function checkCounts(
  settings: Distribution,
  path: InputPath,
  plan: AddressPlan | undefined,
  report: Report,
): void {
  const { control_planes: controlPlanes, workers } = settings;
  const at = [...path, "control_planes"];
  if (controlPlanes === 0) {
    report.error(at, "A cluster needs at least one control plane.");
  } else if (controlPlanes > mostControlPlanes) {
    report.error(at, `At most ${mostControlPlanes}: etcd gets slower with every member.`);
  } else if (controlPlanes % 2 === 0) {
    report.warn(
      at,
      `An even number: ${controlPlanes} survive no more losses than ${controlPlanes - 1}.`,
    );
  }
  if (plan !== undefined && workers > plan.mostWorkers) {
    report.error([...path, "workers"], `The network has room for ${plan.mostWorkers} workers.`);
  }
}

function warnOfImage(
  talosVersion: string,
  { nodeImage }: Placement,
  path: InputPath,
  report: Report,
): void {
  if (!("name" in nodeImage) || nodeImage.name.includes(talosVersion.slice(1))) return;
  report.warn(
    [...path, "image_name"],
    `"${nodeImage.name}" does not say that it is Talos ${talosVersion}: a configuration newer than ` +
      "the Talos in the image kills the node.",
  );
}

function planNodes(
  { control_planes, workers }: Distribution,
  placement: Placement,
  { slots }: AddressPlan,
): NodeSpec[] {
  const zone = (index: number) => placement.zones[index % placement.zones.length] ?? placement.zone;
  return [
    ...Array.from({ length: control_planes }, (_, index) => ({
      name: `control-plane-${index}`,
      logicalId: `control_plane_${index}`,
      role: "controlplane" as const,
      index,
      zone: zone(index),
      address: slots.controlPlane(index),
      machineType: placement.controlPlaneMachineType,
    })),
    ...Array.from({ length: workers }, (_, index) => ({
      name: `worker-${index}`,
      logicalId: `worker_${index}`,
      role: "worker" as const,
      index,
      zone: zone(index),
      address: slots.worker(index),
      machineType: placement.workerMachineType,
    })),
  ];
}
