import type {
  ClusterSpec,
  DiskEncryption,
  NodeSpec,
  Taint,
} from "../../../constructs/model/cluster-spec";
import { cniPorts } from "../../../constructs/model/cni";
import { manifestsOf } from "../../../constructs/model/manifest";
import {
  hasSchematic,
  schematicId,
  shortSchematicLength,
} from "../../../constructs/model/schematic";
import { defaultDiskEncryption } from "../../../constructs/talos-disks";

/** What is inside the nodes, and the network inside the cluster, which no rule of the cloud sees. For JSON as it is. */
export interface Inside {
  readonly talos: string;
  readonly kubernetes: string;
  /** The id of the image's schematic. */
  readonly schematic: string;
  readonly extensions: readonly string[];
  readonly kernel_args: readonly string[];
  /** Of new nodes. A cluster from before the setting has none. */
  readonly disk_encryption: DiskEncryption;
  /** By node, those that have any: "example.org/disk=ssd". */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** The same: "example.org/dedicated=builds:NoSchedule". */
  readonly taints: Readonly<Record<string, readonly string[]>>;
  readonly cni: string;
  /** Ports that the nodes' firewall opens for it: "8472/udp". */
  readonly cni_ports: readonly string[];
  readonly network_policies: "enforced" | "not enforced" | "by the CNI";
  readonly pod_cidr: string;
  readonly service_cidr: string;
  readonly cluster_domain: string;
  /** Names of what Talos applies at bootstrap, in order. */
  readonly manifests: readonly string[];
}

export function insideOf(spec: ClusterSpec): Inside {
  const { cni } = spec;
  const isEnforced = cni.name === "flannel" ? cni.networkPolicies : undefined;
  return {
    talos: spec.talosVersion.toString(),
    kubernetes: spec.kubernetesVersion.toString(),
    schematic: schematicId(spec),
    extensions: spec.extensions ?? [],
    kernel_args: spec.kernelArgs ?? [],
    disk_encryption: spec.diskEncryption ?? defaultDiskEncryption,
    labels: byNode(spec, ({ labels = {} }) =>
      Object.entries(labels).map(([key, value]) => `${key}=${value}`),
    ),
    taints: byNode(spec, ({ taints = [] }) => taints.map(taintText)),
    cni: cni.name,
    cni_ports: cniPorts(cni).map(({ port, protocol }) => `${port}/${protocol}`),
    network_policies:
      isEnforced === undefined ? "by the CNI" : isEnforced ? "enforced" : "not enforced",
    pod_cidr: spec.podNetwork.toString(),
    service_cidr: spec.serviceNetwork.toString(),
    cluster_domain: spec.clusterDomain,
    manifests: manifestsOf(spec).map(({ name }) => name),
  };
}

const diskText: Readonly<Record<DiskEncryption, string>> = {
  node_id: "encrypted, by the machine's identity",
  static: "encrypted, by the machine's identity and a passphrase from the state",
  kms: "encrypted, by the key server",
  none: "not encrypted",
};

function byNode(
  { nodes }: ClusterSpec,
  textsOf: (node: NodeSpec) => string[],
): Record<string, string[]> {
  return Object.fromEntries(
    nodes
      .map((node) => [node.name, textsOf(node)] as const)
      .filter(([, texts]) => texts.length > 0),
  );
}

/** As kubectl writes it. */
function taintText({ key, value, effect }: Taint): string {
  return `${key}${value === undefined ? "" : `=${value}`}:${effect}`;
}

/** As lines below a title. */
export function insideLines(inside: Inside): string[] {
  const { cni, cni_ports: ports, network_policies: policies, manifests } = inside;
  const between =
    ports.length === 0 ? "no port between nodes" : `${ports.join(", ")} between nodes`;
  const { extensions, kernel_args: kernelArgs, schematic } = inside;
  return [
    `nodes             Talos ${inside.talos}, Kubernetes ${inside.kubernetes}`,
    ...(hasSchematic({ extensions, kernelArgs })
      ? [
          `image             schematic ${schematic.slice(0, shortSchematicLength)}…, with ${[...extensions, ...kernelArgs].join(", ")}`,
        ]
      : []),
    `disks             ${diskText[inside.disk_encryption]}`,
    ...grouped(inside.labels).map((line) => `labels            ${line}`),
    ...grouped(inside.taints).map((line) => `taints            ${line}`),
    `pods              ${inside.pod_cidr}, cni ${cni}, ${between}`,
    `services          ${inside.service_cidr}, names in ${inside.cluster_domain}`,
    `network policies  ${policies}`,
    ...(manifests.length === 0 ? [] : [`at bootstrap      ${manifests.join(", ")}`]),
  ];
}

/** So many names of nodes with the same labels are listed. */
const mostNames = 3;

/** "worker-0, worker-1: example.org/tier=general" */
function grouped(byName: Readonly<Record<string, readonly string[]>>): string[] {
  const nodes = new Map<string, string[]>();
  for (const [name, texts] of Object.entries(byName)) {
    const text = texts.join(", ");
    nodes.set(text, [...(nodes.get(text) ?? []), name]);
  }
  return [...nodes].map(([text, names]) => {
    const rest = names.length - mostNames;
    const listed = names.slice(0, mostNames).join(", ");
    return `${listed}${rest > 0 ? ` and ${rest} more` : ""}: ${text}`;
  });
}
