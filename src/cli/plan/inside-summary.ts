import { colors } from "../../view/colors";
import type { CordonChange, KubernetesChange, NodeChange, TalosChange } from "../nodes/changes";
import { hidden } from "../../talos/shown-difference";
import { isControlPlane } from "../cluster/node-order";
import type { Change } from "./changes";
import { changedNodes, type Inside, type SharedChange, sharedChanges } from "./inside";
import { count, shortened } from "./names";

const mark = colors.yellow("~");

/**
 * The lines of a summary about what changes inside the nodes.
 * @param planned tofu's changes
 */
export function insideLines(
  { isAsked, changes, problems, notAsked }: Inside,
  planned: readonly Change[],
): string[] {
  const talos = changes.filter((change) => change.kind === "talos");
  const kubernetes = changes.filter((change) => change.kind === "kubernetes");
  return [
    ...talos.flatMap(talosLines),
    ...kubernetes.flatMap((change) => kubernetesLines(change, talos.length > 0)),
    ...sharedChanges(changes).flatMap(configurationLines),
    ...changes.filter((change) => change.kind === "cordon").flatMap(cordonLines),
    ...(isAsked ? planned.flatMap(departureLines) : []),
    ...problems.flatMap(({ severity, summary, fix }) => [
      `  ${severity === "error" ? colors.red("!") : colors.yellow("!")}  ${summary}`,
      ...(fix === undefined ? [] : [`       ${fix}`]),
    ]),
    ...(notAsked === undefined ? [] : [`  ?  not asked: what runs inside the nodes. ${notAsked}`]),
  ];
}

/** "changes inside 5 nodes"; undefined where there are none. */
export function insideHeadline(changes: readonly NodeChange[]): string | undefined {
  if (changes.length === 0) return undefined;
  // Kubernetes is on all of them.
  if (changes.some(({ kind }) => kind === "kubernetes")) return "changes inside the nodes";
  return `changes inside ${count(changedNodes(changes).size, "node")}`;
}

function talosLines({ nodes, leader, to, path }: TalosChange): string[] {
  const from = [...new Set(nodes.map((node) => node.from))].join(", ");
  const names = nodes.map(({ name }) => name);
  const versions = path.length === 0 ? [to] : path;
  const what =
    from === to
      ? `${to}, another image: its extensions or kernel arguments change`
      : [from, ...versions].join(" → ");
  const last = leader === undefined || names.length === 1 ? "" : `; ${leader} leads etcd`;
  return [
    line("Talos", what),
    more(shortened(names)),
    more(`one at a time, in this order; each is drained and reboots${last}`),
  ];
}

function kubernetesLines({ from, path }: KubernetesChange, isAfterTalos: boolean): string[] {
  const when = isAfterTalos ? "as Talos permits; nothing reboots" : "nothing reboots";
  const deployed = `${from}: what Talos deploys in it is brought up to date`;
  const what = path.length === 0 ? deployed : [from, ...path].join(" → ");
  return [line("Kubernetes", what), more(when)];
}

function configurationLines(change: SharedChange): string[] {
  const { nodes, differences, interruption, isTriedFirst } = change;
  const [label = ""] = nodes;
  const texts = differences.map(differenceText);
  const order = nodes.length === 1 ? "" : ", one at a time";
  const effect = interruption === "none" ? "no reboot" : `${interruption}${order}`;
  const tried = isTriedFirst ? "; tried first, and taken back by itself if the node is lost" : "";
  return [
    ...texts.map((text, index) =>
      index === 0 ? line(nodes.length === 1 ? label : `${nodes.length} nodes`, text) : more(text),
    ),
    ...(nodes.length === 1 ? [] : [more(shortened(nodes))]),
    more(`${effect}${tried}`),
  ];
}

function differenceText({ path, before, after }: SharedChange["differences"][number]): string {
  if (before === hidden || after === hidden) {
    const verb = before === undefined ? "set" : after === undefined ? "removed" : "changed";
    return `${path}: ${verb} ${hidden}`;
  }
  if (before === undefined) return `${path}: ${after ?? ""} (new)`;
  if (after === undefined) return `${path}: ${before} (removed)`;
  return `${path}: ${before} → ${after}`;
}

function cordonLines({ node, reason }: CordonChange): string[] {
  return [line(node, `cordoned by an interrupted run (${reason}): finished, and uncordoned`)];
}

/** What is done inside before a machine is destroyed or replaced. */
function departureLines({ action, isServer, node }: Change): string[] {
  if (!isServer || node === undefined || (action !== "destroy" && action !== "replace")) return [];
  const etcd = isControlPlane(node) ? ", leaves etcd" : "";
  const end = action === "replace" ? "replaced; Ready before the next" : "destroyed";
  const text = `drained${etcd}, removed from Kubernetes, then ${end}`;
  return [line(node, text, action === "replace" ? colors.red("±") : colors.red("-"))];
}

function line(label: string, text: string, sign = mark): string {
  return `  ${sign}  ${label.padEnd(labelWidth)} ${text}`;
}

function more(text: string): string {
  return `     ${" ".repeat(labelWidth)} ${text}`;
}

const labelWidth = 18;
