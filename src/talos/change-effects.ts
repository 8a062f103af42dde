import { type ConfigurationDifference } from "./configuration-difference";
import { mainKind } from "./configuration-documents";
import { isItem } from "./secret-paths";

/**
 * When a running node acts upon a changed setting.
 * - `now`: as soon as it is applied
 * - `reboot`: at the next boot
 * - `upgrade`: at the next install or upgrade, which reads it by itself
 */
export type Effect = "now" | "reboot" | "upgrade";

/** The first minor that accepts every configuration without a reboot. */
const acceptsEverything = 14;

/**
 * Settings that Talos up to 1.13 applies without a reboot: `CanApplyImmediate` in
 * internal/app/machined/pkg/runtime/v1alpha1/v1alpha1_runtime.go of v1.13.9. It compares the main
 * document alone: other documents never need one.
 */
const immediate: readonly string[] = [
  `${mainKind}: debug`,
  `${mainKind}: cluster`,
  `${mainKind}: machine.acceptedCAs`,
  `${mainKind}: machine.ca`,
  `${mainKind}: machine.certSANs`,
  `${mainKind}: machine.controlPlane`,
  `${mainKind}: machine.features.hostDNS`,
  `${mainKind}: machine.features.imageCache`,
  `${mainKind}: machine.features.kubePrism`,
  `${mainKind}: machine.features.kubernetesTalosAPIAccess`,
  `${mainKind}: machine.features.nodeAddressSortAlgorithm`,
  `${mainKind}: machine.install`,
  `${mainKind}: machine.kernel`,
  `${mainKind}: machine.kubelet`,
  `${mainKind}: machine.logging`,
  `${mainKind}: machine.network`,
  `${mainKind}: machine.nodeAnnotations`,
  `${mainKind}: machine.nodeLabels`,
  `${mainKind}: machine.nodeTaints`,
  `${mainKind}: machine.pods`,
  `${mainKind}: machine.registries`,
  `${mainKind}: machine.seccompProfiles`,
  `${mainKind}: machine.sysctls`,
  `${mainKind}: machine.sysfs`,
  `${mainKind}: machine.time`,
];
/** Within those: it accepts the change, and CRI reads it when it starts. */
const immediateButLater: readonly string[] = [`${mainKind}: machine.registries.config.*.auth`];

/**
 * Settings that every Talos accepts at once, or 1.14 does, and acts upon at the next boot: the
 * documentation of 1.14 (editing a machine configuration), and its boot sequence
 * (internal/app/machined/pkg/runtime/v1alpha1/v1alpha1_sequencer.go), which alone reads files, disks
 * and the environment. A change of etcd's arguments restarts no etcd.
 */
const atNextBoot: readonly string[] = [
  `${mainKind}: cluster.etcd`,
  `${mainKind}: machine.disks`,
  `${mainKind}: machine.env`,
  `${mainKind}: machine.files`,
  `${mainKind}: machine.systemDiskEncryption`,
  `${mainKind}: machine.type`,
  "EnvironmentConfig",
  "*: encryption",
];
/** Loaded at once when added; removed, and given other parameters, at the next boot. */
const kernelModules: readonly string[] = [
  `${mainKind}: machine.kernel.modules`,
  "KernelModuleConfig",
];

/** Read by the installer alone, in every minor. */
const atNextUpgrade: readonly string[] = [
  `${mainKind}: machine.install`,
  "UnattendedInstallConfig",
];

/**
 * Settings with which a node can cut itself off: from us, from the other nodes, or from its own name
 * in Kubernetes. They are tried first, with automatic return.
 */
const canCutOff: readonly string[] = [
  `${mainKind}: cluster.ca`,
  `${mainKind}: cluster.controlPlane.endpoint`,
  `${mainKind}: cluster.etcd.advertisedSubnets`,
  `${mainKind}: cluster.etcd.ca`,
  `${mainKind}: cluster.etcd.listenSubnets`,
  `${mainKind}: cluster.network`,
  `${mainKind}: machine.acceptedCAs`,
  `${mainKind}: machine.ca`,
  `${mainKind}: machine.certSANs`,
  `${mainKind}: machine.kubelet.nodeIP`,
  `${mainKind}: machine.network`,
  `${mainKind}: machine.token`,
  `${mainKind}: machine.type`,
  // Documents of network: links, addresses, routes, resolvers, the firewall.
  "BlackholeRouteConfig",
  "BondConfig",
  "BridgeConfig",
  "DHCPv4Config",
  "DHCPv6Config",
  "DummyLinkConfig",
  "EthernetConfig",
  "HostnameConfig",
  "KubeSpanConfig",
  "Layer2VIPConfig",
  "LinkAliasConfig",
  "LinkConfig",
  "NetworkDefaultActionConfig",
  "NetworkRuleConfig",
  "ResolverConfig",
  "RoutingRuleConfig",
  "StaticHostConfig",
  "VLANConfig",
  "VRFConfig",
  "VethConfig",
  "WireguardConfig",
];

/** When a node of this Talos minor acts upon a change. */
export function effectOf(
  { kind, steps, before }: Pick<ConfigurationDifference, "kind" | "steps" | "before">,
  talosMinor: number,
): Effect {
  if (isAmong(atNextUpgrade, kind, steps)) return "upgrade";
  if (isAmong(atNextBoot, kind, steps)) return "reboot";
  if (isAmong(kernelModules, kind, steps)) return before === undefined ? "now" : "reboot";
  if (talosMinor >= acceptsEverything || kind !== mainKind) return "now";
  if (isAmong(immediateButLater, kind, steps)) return "reboot";
  return isAmong(immediate, kind, steps) ? "now" : "reboot";
}

/** Whether it is to be tried on one node first, and taken back by itself if that node is lost. */
export function isRisky({ kind, steps }: Pick<ConfigurationDifference, "kind" | "steps">): boolean {
  return isAmong(canCutOff, kind, steps);
}

/** Whether a path of the table is that of a setting or of something around it, in either direction. */
function isAmong(table: readonly string[], kind: string, steps: readonly string[]): boolean {
  const own = steps.filter((step) => !isItem(step));
  return table.some((text) => {
    const [ofKind = "", path = ""] = text.split(": ");
    if (ofKind !== "*" && ofKind !== kind) return false;
    const expected = path === "" ? [] : path.split(".");
    // A whole document has no steps; where its kind is any, nothing says that it has such a part.
    if (ofKind === "*" && own.length === 0) return false;
    return expected.every((name, index) => name === "*" || (own[index] ?? name) === name);
  });
}
