import { Version } from "../../../constructs/model/version";
import { type ResourceValues, stringOf } from "../../../constructs/model/resource-values";
import type { ReadState } from "../../tofu/state-file";
import type { ClusterDirectory } from "../cluster/directory";
import type { Observation, ObservedNode } from "../nodes/observation";
import { wantedFromState } from "../nodes/wanted";
import { type Inside, insideOf, jsonOf as jsonOfInside } from "../plan/inside";
import { insideLines } from "../plan/inside-summary";

/** A node as it reports itself. */
export interface NodeStatus {
  readonly name: string;
  /** The cloud's. @default - the state does not say */
  readonly zone?: string;
  /** "v1.14.1" @default - it does not answer */
  readonly talos?: string;
  /** The kubelet's. @default - Kubernetes does not know it */
  readonly kubernetes?: string;
  /** "Ready", "NotReady, cordoned", "does not answer" */
  readonly state: string;
  /** @default - it is no member */
  readonly etcd?: "leader" | "member" | "learner";
}

/** What the nodes report, and how it differs from what was synthesized last. */
export interface InsideStatus extends Inside {
  readonly nodes: readonly NodeStatus[];
  /** Kubernetes by component: the versions that run, one where all are the same. */
  readonly components: Readonly<Record<string, readonly string[]>>;
}

export async function askedInside(
  cluster: ClusterDirectory,
  state: ReadState,
): Promise<InsideStatus> {
  // Loading gRPC takes longer than the rest of a status.
  const { askNodes } = await import("../nodes/ask.js");
  const answers = await askNodes(cluster, () => Promise.resolve(state));
  const wanted = wantedFromState(state, cluster.addresses, versionsOf(cluster));
  const inside = insideOf(wanted, answers);
  if (!("observation" in answers)) return { ...inside, nodes: [], components: {} };
  const { observation } = answers;
  return {
    ...inside,
    nodes: observation.nodes.map((node) => nodeStatus(node, observation, state)),
    components: componentsOf(observation),
  };
}

/** A table of the nodes, Kubernetes by component, and what differs. */
export function insideStatusLines(inside: InsideStatus): string[] {
  const { nodes, components } = inside;
  const rows = nodes.map(({ name, talos, kubernetes, state, zone, etcd }) => [
    name,
    talos ?? "-",
    kubernetes ?? "-",
    zone ?? "-",
    etcd ?? "-",
    state,
  ]);
  const versions = Object.entries(components).map(([name, all]) => `${name} ${all.join(" and ")}`);
  const differing = insideLines(inside, []);
  const hasChanges = inside.changes.length > 0;
  return [
    ...(rows.length === 0
      ? []
      : table([["NODE", "TALOS", "KUBELET", "ZONE", "ETCD", "STATE"], ...rows])),
    ...(versions.length === 0 ? [] : ["", ...versions.map((line) => `  ${line}`)]),
    ...(hasChanges ? ["", "Different from tofu.tfvars, as it was synthesized last:"] : []),
    ...(differing.length > 0 ? ["", ...differing] : []),
  ].filter((line, index) => index > 0 || line !== "");
}

/** For `--json`. */
export function jsonOf(inside: InsideStatus): object {
  const { nodes, components } = inside;
  return { ...jsonOfInside(inside), nodes, components };
}

function versionsOf(cluster: ClusterDirectory) {
  const talos = Version.parse(cluster.versions.talos ?? "");
  const kubernetes = Version.parse(cluster.versions.kubernetes ?? "");
  return { ...(talos && { talos }), ...(kubernetes && { kubernetes }) };
}

function nodeStatus(node: ObservedNode, { members }: Observation, state: ReadState): NodeStatus {
  const { name, address, talos, kubernetes, etcd } = node;
  const zone = zoneOf(name, state);
  const member = members.find((one) => one.address === address);
  const role = etcd !== undefined && etcd.leader === etcd.memberId ? "leader" : "member";
  return {
    name,
    ...(zone === undefined ? {} : { zone }),
    ...(talos === undefined ? {} : { talos: talos.version }),
    ...(kubernetes === undefined ? {} : { kubernetes: kubernetes.kubelet }),
    state: stateOf(node),
    ...(member === undefined ? {} : { etcd: member.isLearner ? "learner" : role }),
  };
}

function stateOf({ talos, kubernetes }: ObservedNode): string {
  if (talos === undefined) return "does not answer";
  const { stage } = talos.status;
  return [
    ...(stage === "running" ? [] : [stage]),
    ...(kubernetes === undefined
      ? ["not known to Kubernetes"]
      : [kubernetes.ready ? "Ready" : "NotReady"]),
    ...(kubernetes?.cordoned === true ? ["cordoned"] : []),
  ].join(", ");
}

/** Of a node's server, by the attribute that its cloud has for it. */
function zoneOf(name: string, { resources }: ReadState): string | undefined {
  const id = name.replaceAll("-", "_");
  const server = resources.find(({ address }) =>
    new RegExp(`^\\w+(?:_server|_vm|_instance_v2)\\.${id}$`).test(address),
  );
  const values: ResourceValues = server?.values ?? {};
  return ["zone", "availability_zone", "placement_subregion_name"]
    .map((attribute) => stringOf(values[attribute]))
    .find((zone) => zone !== undefined && zone !== "");
}

function componentsOf({ components }: Observation): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { name, version } of components) {
    const versions = (found[name] ??= []);
    if (!versions.includes(version)) versions.push(version);
  }
  return Object.fromEntries(
    Object.entries(found)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, versions]) => [name, versions.sort()]),
  );
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   ")}`.trimEnd(),
  );
}
