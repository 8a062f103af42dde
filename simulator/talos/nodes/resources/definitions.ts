import type { Message } from "../../api/definition";

/** A type of resource, as Talos's controllers register it. */
export interface ResourceDefinition {
  /** "MachineStatuses.runtime.talos.dev" */
  readonly type: string;
  readonly namespace: string;
  /** Names of users for it, besides those that follow from the type. */
  readonly aliases: readonly string[];
  /** Additional columns of its table: their names with the JSON paths of their values. */
  readonly columns: readonly (readonly [name: string, path: string])[];
  /** Only administrators may read it. */
  readonly isSensitive: boolean;
}

/**
 * A line each: type, namespace, aliases, columns. A `!` after the namespace marks what only
 * administrators may read (Talos 1.14).
 */
const OUTLINE = `
ResourceDefinitions.meta.cosi.dev | meta | api-resources | Aliases={.aliases[:]}
Namespaces.meta.cosi.dev | meta | ns | Description={.description}
MachineConfigs.config.talos.dev | config! | | 
MachineTypes.config.talos.dev | config | | Type={@}
OSRootSecrets.secrets.talos.dev | secrets! | | 
KubernetesRootSecrets.secrets.talos.dev | secrets! | | 
MachineStatuses.runtime.talos.dev | runtime | | Stage={.stage}; Ready={.status.ready}
Versions.runtime.talos.dev | runtime | | Name={.name}; Version={.version}
MetaKeys.runtime.talos.dev | runtime | | Value={.value}
Diagnostics.runtime.talos.dev | runtime | | Message={.message}
ExtensionStatuses.runtime.talos.dev | runtime | extensions | Name={.metadata.name}; Version={.metadata.version}
KernelCmdlines.runtime.talos.dev | runtime | cmdline | Cmdline={.cmdline}
Services.v1alpha1.talos.dev | runtime | svc | Running={.running}; Healthy={.healthy}; Health Unknown={.unknown}
TimeStatuses.v1alpha1.talos.dev | runtime | | Synced={.synced}
Members.cluster.talos.dev | cluster | | Hostname={.hostname}; Machine Type={.machineType}; OS={.operatingSystem}; Addresses={.addresses}
Identities.cluster.talos.dev | cluster | | ID={.nodeId}
Nodenames.kubernetes.talos.dev | k8s | | Nodename={.nodename}
StaticPods.kubernetes.talos.dev | k8s | | 
StaticPodStatuses.kubernetes.talos.dev | k8s | podstatus | Ready={.conditions[?(@.type=="Ready")].status}
KubeletConfigs.kubernetes.talos.dev | k8s! | | 
KubeletSpecs.kubernetes.talos.dev | k8s! | | 
APIServerConfigs.kubernetes.talos.dev | controlplane! | | 
ControllerManagerConfigs.kubernetes.talos.dev | controlplane | | 
SchedulerConfigs.kubernetes.talos.dev | controlplane | | 
BootstrapManifestsConfigs.kubernetes.talos.dev | controlplane | | 
Manifests.kubernetes.talos.dev | controlplane | | 
HostnameStatuses.net.talos.dev | network | hostname | Hostname={.hostname}; Domainname={.domainname}
NodeAddresses.net.talos.dev | network | | Addresses={.addresses}; SortAlgorithm={.sortAlgorithm}
AddressStatuses.net.talos.dev | network | address, addresses | Address={.address}; Link={.linkName}
LinkStatuses.net.talos.dev | network | link, links | Alias={.alias}; Type={.type}; Kind={.kind}; Hw Addr={.hardwareAddr}; Oper State={.operationalState}; Link State={.linkState}
RouteStatuses.net.talos.dev | network | route, routes | Destination={.dst}; Gateway={.gateway}; Link={.outLinkName}; Metric={.priority}
VolumeStatuses.block.talos.dev | runtime | | Type={.type}; Phase={.phase}; Location={.location}; Size={.prettySize}
Disks.block.talos.dev | runtime | | Size={.pretty_size}; Read Only={.readonly}; Transport={.transport}; Rotational={.rotational}; WWID={.wwid}; Model={.model}; Serial={.serial}
`;

export const DEFINITIONS: readonly ResourceDefinition[] = OUTLINE.trim().split("\n").map(parse);

const byType = new Map(DEFINITIONS.map((definition) => [definition.type, definition]));

export function definitionOf(type: string): ResourceDefinition | undefined {
  return byType.get(type);
}

function parse(line: string): ResourceDefinition {
  const [type = "", place = "", aliases = "", columns = ""] = line
    .split("|")
    .map((part) => part.trim());
  return {
    type,
    namespace: place.replace("!", ""),
    aliases: listOf(aliases, ","),
    columns: listOf(columns, ";").map((column) => {
      const [name = "", ...path] = column.split("=");
      return [name, path.join("=")] as const;
    }),
    isSensitive: place.endsWith("!"),
  };
}

function listOf(text: string, separator: string): string[] {
  return text === "" ? [] : text.split(separator).map((part) => part.trim());
}

/** The definition as a resource itself. */
export function definitionSpec(definition: ResourceDefinition): {
  id: string;
  spec: object;
  message: Message;
} {
  const { type, namespace, columns, isSensitive } = definition;
  const [name = "", ...suffix] = type.split(".");
  const display = singular(name);
  const capitals = name.replace(/[^A-Z]/g, "").toLowerCase();
  const short = capitals.length < 2 ? [] : [capitals];
  if (short.length > 0 && !capitals.endsWith("s")) short.push(`${capitals}s`);
  const aliases = [...definition.aliases, display.toLowerCase(), ...short];
  const lower = name.toLowerCase();
  const long = suffix.slice(1).map((_, end) => [lower, ...suffix.slice(0, end + 1)].join("."));
  const allAliases = [lower, ...long, ...aliases];
  return {
    id: type.toLowerCase(),
    spec: {
      type,
      displayType: display,
      defaultNamespace: namespace,
      aliases,
      allAliases,
      printColumns: columns.map(([column, path]) => ({ name: column, jsonPath: path })),
      ...(isSensitive && { sensitivity: "sensitive" }),
    },
    message: {
      resource_type: type,
      display_type: display,
      default_namespace: namespace,
      aliases,
      all_aliases: allAliases,
      print_columns: columns.map(([column, path]) => ({ name: column, json_path: path })),
      sensitivity: isSensitive ? "SENSITIVE" : "NON_SENSITIVE",
    },
  };
}

function singular(name: string): string {
  if (name.endsWith("ies")) return `${name.slice(0, -3)}y`;
  return name.replace(/(?<=s)es$|s$/, "");
}
