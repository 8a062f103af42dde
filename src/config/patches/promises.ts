import type { PatchDocument } from "./documents";
import { mainKind } from "./keys";
import type { Promised } from "./promise-names";
import type { PatchSetting } from "./settings";

/** What a patch may not set, or not remove, and why. */
interface Rule {
  /** A kind of document. @default - the main one, with machine and cluster */
  readonly kind?: string;
  /** The document's name. @default - every one */
  readonly name?: (name: string) => boolean;
  /** A path, in which [] is every item of a list; what is below it counts. "" is the whole document. */
  readonly path: string;
  /** Values that are refused. @default - all */
  readonly value?: (text: string) => boolean;
  /** True where adding is harmless, and only removing is refused. @default false */
  readonly onlyDeletion?: boolean;
  /** With which name a user consents. @default - none: nothing can consent */
  readonly promise?: Promised;
  readonly text: string;
}

const belongsTo = (variable: string) => `That is set by the variable ${variable}.`;
const created = "The cluster's own: tofu creates it, and it is the same on every node.";
const fixed = "It follows from the address plan.";

const variables: readonly (readonly [path: string, variable: string, kind?: string])[] = [
  ["machine.network.hostname", "cluster_name, with the node's name"],
  ["", "cluster_name, with the node's name", "HostnameConfig"],
  ["machine.nodeLabels", "node_labels, or a pool's labels"],
  ["machine.nodeTaints", "node_taints, or a pool's taints"],
  ["machine.kubelet.extraConfig.registerWithTaints", "node_taints, or a pool's taints"],
  ["machine.kubelet.image", "kubernetes_version"],
  ["cluster.apiServer.image", "kubernetes_version"],
  ["cluster.controllerManager.image", "kubernetes_version"],
  ["cluster.scheduler.image", "kubernetes_version"],
  ["cluster.proxy.image", "kubernetes_version"],
  ["machine.install.image", "talos_version, or extensions"],
  ["machine.install.extensions", "extensions"],
  ["machine.install.extraKernelArgs", "kernel_args"],
  ["machine.systemDiskEncryption", "disk_encryption"],
  ["cluster.network.podSubnets", "pod_cidr"],
  ["cluster.network.serviceSubnets", "service_cidr"],
  ["cluster.network.dnsDomain", "cluster_domain"],
  ["cluster.network.cni", "cni"],
  ["cluster.proxy.disabled", "cni"],
  ["cluster.inlineManifests", "manifests"],
  ["cluster.controlPlane.endpoint", "cluster_endpoint"],
];

const secretsOfTheCluster = [
  "machine.token",
  "machine.ca",
  "machine.acceptedCAs",
  "cluster.id",
  "cluster.secret",
  "cluster.token",
  "cluster.ca",
  "cluster.acceptedCAs",
  "cluster.aggregatorCA",
  "cluster.serviceAccount",
  "cluster.aescbcEncryptionSecret",
  "cluster.secretboxEncryptionSecret",
  "cluster.etcd.ca",
];

const firewall =
  "Ports are opened by the variable ingress_rules, and explain shows them; a patch could open any.";
const privateAddresses =
  "A node with a public address is reachable past bastion and load balancer.";
const metadata = "Pods could read the node's user data, with the cluster's keys, from there.";

/** Kinds that give a link addresses. */
const links = [
  "LinkConfig",
  "DummyLinkConfig",
  "BondConfig",
  "BridgeConfig",
  "VLANConfig",
  "WireguardConfig",
];
const machineAddresses = [
  "machine.network.interfaces.[].addresses",
  "machine.network.interfaces.[].cidr",
  "machine.network.interfaces.[].vip",
  "machine.network.interfaces.[].vlans",
];

const rules: readonly Rule[] = [
  ...variables.map(([path, variable, kind]) => ({ path, kind, text: belongsTo(variable) })),
  ...secretsOfTheCluster.map((path) => ({ path, text: created })),
  { path: "machine.type", text: "Whether a node is a control plane follows from its pool." },
  { path: "cluster.clusterName", text: belongsTo("cluster_name") },
  {
    path: "cluster.controlPlane.localAPIServerPort",
    text: "The load balancer leads to port 6443.",
  },
  { path: "cluster.etcd.advertisedSubnets", text: fixed },
  { path: "machine.kubelet.nodeIP", text: fixed },
  {
    kind: "VolumeConfig",
    name: (name) => ["STATE", "EPHEMERAL"].includes(name),
    path: "encryption",
    text: belongsTo("disk_encryption"),
  },
  {
    path: "machine.certSANs",
    onlyDeletion: true,
    promise: "tunnel",
    text: "Without 127.0.0.1 in it, no client accepts the certificate through the tunnel.",
  },
  {
    path: "cluster.apiServer.certSANs",
    onlyDeletion: true,
    text: belongsTo("cluster_endpoint"),
  },
  {
    path: "machine.install",
    promise: "install",
    text: "An upgrade could install to another disk, or wipe this one.",
  },
  {
    kind: "NetworkDefaultActionConfig",
    path: "",
    value: (text) => text !== "block",
    promise: "firewall",
    text: "Without ingress: block, a node lets in everything from the private network.",
  },
  { kind: "NetworkRuleConfig", path: "", promise: "firewall", text: firewall },
  {
    kind: "SideroLinkConfig",
    path: "",
    promise: "firewall",
    text: "Talos's firewall lets in everything that comes by SideroLink.",
  },
  {
    kind: "BlackholeRouteConfig",
    name: isMetadata,
    path: "",
    promise: "metadata",
    text: metadata,
  },
  ...links.map((kind) => ({
    kind,
    path: "routes",
    value: isMetadata,
    promise: "metadata" as const,
    text: metadata,
  })),
  {
    path: "machine.network.interfaces.[].routes",
    value: isMetadata,
    promise: "metadata",
    text: metadata,
  },
  ...[
    ...machineAddresses.map((path) => ({ path, value: isPublic })),
    ...links.map((kind) => ({ kind, path: "addresses", value: isPublic })),
    ...["Layer2VIPConfig", "HCloudVIPConfig"].map((kind) => ({ kind, path: "", name: isPublic })),
  ].map((where) => ({ ...where, promise: "private_nodes" as const, text: privateAddresses })),
];

/** The metadata service's address, or a network around it. */
function isMetadata(text: string): boolean {
  return text.startsWith("169.254.");
}

/** An IPv4 address, or one with its network's length, that is routed on the internet; any of IPv6 but link-local and unique local ones. */
function isPublic(text: string): boolean {
  const isV4 = /^\d+\.\d+\.\d+\.\d+(?:\/\d+)?$/.test(text);
  if (isV4) {
    return !/^(?:10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(
      text,
    );
  }
  return /^[23][\da-f]{3}:/i.test(text);
}

/** A setting that a rule is about. */
export interface Broken {
  readonly setting: PatchSetting;
  /** Of what the rule is about, as far as the setting leads there. */
  readonly path: readonly string[];
  readonly promise?: Promised;
  readonly text: string;
}

/** The settings that undo a promise, or belong to a variable: the first one of each rule in each document. */
export function brokenBy(settings: readonly PatchSetting[]): Broken[] {
  const whole = settings.filter(isWholeMain);
  if (whole.length > 0) {
    const text = "This would remove all of it.";
    return whole.map((setting) => ({ setting, path: setting.path, text }));
  }
  const seen = new Map<Rule, Set<PatchDocument>>();
  return settings.flatMap((setting) => {
    const rule = rules.find((one) => applies(one, setting));
    if (rule === undefined) return [];
    const documents = seen.get(rule) ?? new Set();
    if (documents.has(setting.document)) return [];
    seen.set(rule, documents.add(setting.document));
    const { promise, text, path, value } = rule;
    const depth = value === undefined && path !== "" ? path.split(".").length : Infinity;
    return [{ setting, path: setting.path.slice(0, depth), promise, text }];
  });
}

/** Whether nothing can consent to a setting. */
export function isForbidden(setting: PatchSetting): boolean {
  return rules.some((rule) => rule.promise === undefined && applies(rule, setting));
}

function isWholeMain({ document, path, isDeletion }: PatchSetting): boolean {
  return document.kind === mainKind && isDeletion && path.length <= 1;
}

function applies(rule: Rule, { document, path, value, isDeletion }: PatchSetting): boolean {
  const { kind = mainKind, name, onlyDeletion = false, value: refused } = rule;
  if (document.kind !== kind) return false;
  if (name?.(document.name ?? "") === false) return false;
  const steps = rule.path === "" ? [] : rule.path.split(".");
  const isWithin = startsWith(path, steps);
  // Removing what has this value is refused where we set it: a whole document.
  if (isDeletion && refused !== undefined && steps.length > 0) return false;
  if (isDeletion) return isWithin || startsWith(steps, path);
  if (!isWithin || onlyDeletion) return false;
  return refused === undefined || (value !== undefined && refused(value.source));
}

/** Whether the second path leads to the first, or to what has it. */
function startsWith(path: readonly string[], beginning: readonly string[]): boolean {
  const isSame = (a: string | undefined, b: string | undefined) =>
    a === b || (a?.startsWith("[") === true && b?.startsWith("[") === true);
  return beginning.length <= path.length && beginning.every((step, i) => isSame(path[i], step));
}
