import { Version } from "../../../constructs/model/version";
import { effectOf, isRisky } from "../../talos/change-effects";
import {
  compareConfigurations,
  type ConfigurationComparison,
  type ConfigurationDifference,
} from "../../talos/configuration-difference";
import {
  compareVersions,
  lowestVersion,
  upgradePath,
  type UpgradeStep,
} from "../../talos/upgrade-path";
import type { Observation, ObservedNode } from "./observation";
import { type NodeProblem, problemsIn } from "./problems";
import type { Wanted, WantedNode } from "./wanted";

/** What a change does to a node's work. */
export type Interruption = "none" | "drained and rebooted";

/** Talos on the nodes that do not run the wanted one, in the order in which they are upgraded. */
export interface TalosChange {
  readonly kind: "talos";
  readonly nodes: readonly { readonly name: string; readonly from: string }[];
  /** It leads etcd, and is the last of the control planes. */
  readonly leader?: string;
  readonly to: string;
  /** The versions on the way, the last is `to`; none where only the image's extensions change. */
  readonly path: readonly string[];
  readonly interruption: "drained and rebooted";
}

export interface KubernetesChange {
  readonly kind: "kubernetes";
  /** The oldest of its components and kubelets. */
  readonly from: string;
  readonly to: string;
  /** None where only what Talos deploys in it is brought up to date, after an upgrade of Talos. */
  readonly path: readonly string[];
  readonly interruption: "none";
}

/** The machine configuration of one node. */
export interface ConfigurationChange {
  readonly kind: "configuration";
  readonly node: string;
  readonly differences: readonly Pick<ConfigurationDifference, "path" | "before" | "after">[];
  readonly interruption: Interruption;
  /** It could cut the node off: tried, with automatic return, before it is kept. */
  readonly isTriedFirst: boolean;
}

/** A cordon that an interrupted run left on a node. */
export interface CordonChange {
  readonly kind: "cordon";
  readonly node: string;
  /** "upgrade" */
  readonly reason: string;
}

export type NodeChange = TalosChange | KubernetesChange | ConfigurationChange | CordonChange;

/** One upgrade on the way to the wanted versions. */
export interface VersionStep {
  readonly what: "Talos" | "Kubernetes";
  /** "v1.14.1" */
  readonly to: string;
}

export interface NodeChanges {
  readonly changes: readonly NodeChange[];
  /** The upgrades of all nodes, in their order. */
  readonly steps: readonly VersionStep[];
  /** What must be settled first, or should be known. */
  readonly problems: readonly NodeProblem[];
}

/**
 * What differs inside the nodes from what they should be. Nodes that are not wanted any more, and new
 * ones, are tofu's changes; of nodes that did not answer, nothing is concluded.
 */
export function nodeChanges(wanted: Wanted, observation: Observation): NodeChanges {
  const nodes = inUpgradeOrder(observation.nodes);
  const names = wanted.nodes.map(({ name }) => name);
  const pairs = nodes.flatMap((node) => {
    const one = wanted.nodes.find(({ name }) => name === node.name);
    return one === undefined || node.talos === undefined ? [] : [{ node, wanted: one }];
  });
  const compared = pairs.map((pair) => ({ ...pair, ...compare(pair) }));
  const path = pathTo(
    wanted,
    compared.map(({ node }) => node),
    observation,
  );
  const talos = talosChange(wanted, compared, path.steps);
  const kubernetes = kubernetesChange(wanted, path.steps, observation);
  return {
    changes: [
      ...talos,
      ...kubernetes,
      ...compared.flatMap((one) => configurationChange(one, wanted)),
      ...nodes.filter(({ name }) => names.includes(name)).flatMap(cordonChange),
    ],
    steps: path.steps.map(({ what, to }) => ({ what, to: to.toString() })),
    problems: [...problemsIn(observation, names), ...path.problems],
  };
}

interface Compared extends ConfigurationComparison {
  readonly node: ObservedNode;
  readonly wanted: WantedNode;
}

function compare({
  node,
  wanted,
}: {
  readonly node: ObservedNode;
  readonly wanted: WantedNode;
}): ConfigurationComparison {
  return compareConfigurations(node.talos?.configuration ?? "", wanted.configuration);
}

/** Control planes before workers, the one that leads etcd last among them. */
export function inUpgradeOrder<Node extends ObservedNode>(nodes: readonly Node[]): Node[] {
  const rank = (node: Node) => (node.role === "worker" ? 2 : leads(node) ? 1 : 0);
  return [...nodes].sort((one, other) => rank(one) - rank(other));
}

function leads({ etcd }: ObservedNode): boolean {
  return etcd !== undefined && etcd.leader === etcd.memberId;
}

/** An installer from another repository has other extensions, or another platform. */
function hasOtherImage({ changes }: ConfigurationComparison): boolean {
  return changes.some(isInstaller);
}

function isInstaller({ kind, steps }: ConfigurationDifference): boolean {
  const path = steps.join(".");
  return path === "machine.install.image" || (kind.startsWith("Unattended") && path !== "");
}

function talosChange(
  wanted: Wanted,
  compared: readonly Compared[],
  steps: readonly UpgradeStep[],
): TalosChange[] {
  const to = wanted.talos.toString();
  const due = compared.filter((one) => one.node.talos?.version !== to || hasOtherImage(one));
  if (due.length === 0) return [];
  const leader = due.find(({ node }) => leads(node))?.node.name;
  return [
    {
      kind: "talos",
      nodes: due.map(({ node }) => ({ name: node.name, from: node.talos?.version ?? "" })),
      ...(leader === undefined ? {} : { leader }),
      to,
      path: steps.flatMap(({ what, to: reached }) => (what === "Talos" ? reached.toString() : [])),
      interruption: "drained and rebooted",
    },
  ];
}

function kubernetesChange(
  wanted: Wanted,
  steps: readonly UpgradeStep[],
  { areManifestsDue }: Observation,
): KubernetesChange[] {
  const own = steps.filter(({ what }) => what === "Kubernetes");
  const [first] = own;
  const to = wanted.kubernetes.toString();
  if (first === undefined) {
    if (areManifestsDue !== true) return [];
    return [{ kind: "kubernetes", from: to, to, path: [], interruption: "none" }];
  }
  return [
    {
      kind: "kubernetes",
      from: first.from.toString(),
      to,
      path: own.map((step) => step.to.toString()),
      interruption: "none",
    },
  ];
}

function configurationChange(
  { node, changes, versions }: Compared,
  wanted: Wanted,
): ConfigurationChange[] {
  // The installer's image follows the upgrade that uses it.
  const settings = changes.filter((change) => !isInstaller(change));
  const isUpgraded = node.talos?.version === wanted.talos.toString();
  const left = versions.filter(({ component }) => component === "installer" && isUpgraded);
  const differences = [...settings, ...left].map(({ path, before, after }) => ({
    path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  }));
  if (differences.length === 0) return [];
  const minor = Version.parse(node.talos?.version ?? "")?.minor ?? wanted.talos.minor;
  const reboots = settings.some((change) => effectOf(change, minor) === "reboot");
  return [
    {
      kind: "configuration",
      node: node.name,
      differences,
      interruption: reboots ? "drained and rebooted" : "none",
      isTriedFirst: settings.some(isRisky),
    },
  ];
}

function cordonChange({ name, kubernetes }: ObservedNode): CordonChange[] {
  const [reason] = kubernetes?.cordonedFor?.split(" ") ?? [];
  return reason === undefined ? [] : [{ kind: "cordon", node: name, reason }];
}

/** The steps of the oldest versions that run, and what prevents those of any node. */
function pathTo(
  wanted: Wanted,
  nodes: readonly ObservedNode[],
  { components }: Observation,
): { readonly steps: readonly UpgradeStep[]; readonly problems: readonly NodeProblem[] } {
  const talos = nodes.flatMap(({ name, talos: one }) => {
    const version = Version.parse(one?.version ?? "");
    return version === undefined ? [] : [{ name, version }];
  });
  const [oldest] = [...talos].sort((a, b) => compareVersions(a.version, b.version));
  const kubernetes = lowestVersion([
    ...components.map(({ version }) => version),
    ...nodes.flatMap((node) => node.kubernetes?.kubelet ?? []),
  ]);
  if (oldest === undefined || kubernetes === undefined) return { steps: [], problems: [] };
  const path = upgradePath({ talos: oldest.version, kubernetes }, wanted);
  const problems = new Set("problem" in path ? [path.problem] : []);
  for (const { name, version } of talos) {
    // Such as a node that was upgraded by hand.
    if (compareVersions(version, wanted.talos) <= 0) continue;
    const back = upgradePath({ talos: version, kubernetes: wanted.kubernetes }, wanted);
    if ("problem" in back) problems.add(`${name}: ${back.problem}`);
  }
  return {
    steps: "steps" in path ? path.steps : [],
    problems: [...problems].map((summary) => ({
      severity: "error",
      summary,
      kind: "no path",
    })),
  };
}
