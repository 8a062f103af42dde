import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { kubernetesPort } from "../../../constructs/model/ports";
import { colors } from "../../view/colors";
import { UserError } from "../../errors";
import type { ReadState } from "../../tofu/state-file";
import { writeWhole } from "../../whole-file";
import { exitStatus } from "../exit-status";
import { ClusterDirectory, type ClusterOptions } from "../cluster/directory";
import { knownState } from "../cluster/known-state";
import { isOfSameCluster } from "../cluster/key-files";
import { existingNodes } from "../cluster/existing-nodes";
import { print, printJson } from "../../view/output";

export interface StatusOptions extends ClusterOptions {
  /** Write this file again from the state. */
  readonly kubeconfig: boolean;
  readonly talosconfig: boolean;
  readonly json: boolean;
}

/**
 * Existing resources, endpoints and certificate expiry, from the state; and what the nodes report,
 * where ssh may log in. Files alone are written without asking.
 */
export async function status(options: StatusOptions): Promise<number> {
  const cluster = ClusterDirectory.find(options);
  const state = await knownState(cluster, options);
  const { resources, outputs } = state;
  const output = (name: string) => outputs[name]?.value;
  if (resources.length === 0) {
    if (options.json) printJson({ cluster: cluster.immutable, stands: false });
    else print(`${cluster.title}: no resources exist.`);
    return exitStatus.done;
  }
  if (options.kubeconfig) writeAgain(cluster, "kubeconfig", output("kubeconfig"));
  if (options.talosconfig) writeAgain(cluster, "talosconfig", output("talosconfig"));

  const bastions = (output("bastion_ips") ?? {}) as Record<string, string | null>;
  const facts = {
    cluster: cluster.immutable,
    stands: true,
    resources: resources.length,
    unfinished: resources.flatMap(({ address, tainted }) => (tainted ? [address] : [])),
    nodes: existingNodes(resources),
    endpoint: textOrNothing(output("cluster_endpoint")),
    bastion: bastions[cluster.immutable.cloud] ?? undefined,
    kubeconfigUntil: expiry(output("kubeconfig")),
    talosconfigUntil: expiry(output("talosconfig")),
  };
  const [inside, replica] = await Promise.all([
    insideOf(cluster, options, state),
    replicaOf(cluster),
  ]);
  if (options.json) {
    printJson({ ...facts, replica, inside: inside?.json }, 2);
    return exitStatus.done;
  }
  print(`${cluster.title}: ${facts.resources} resources, ${facts.nodes.length} nodes\n`);
  line(
    "Kubernetes API",
    facts.endpoint === undefined ? "not yet" : `https://${facts.endpoint}:${kubernetesPort}`,
  );
  line("bastion", facts.bastion === undefined ? "not yet" : `ubuntu@${facts.bastion}`);
  line("nodes", facts.nodes.join(", "));
  line("kubeconfig", until(facts.kubeconfigUntil));
  line("talosconfig", until(facts.talosconfigUntil));
  if (replica !== undefined)
    line("replica", replica.isCurrent ? replica.text : colors.yellow(replica.text));
  if (inside !== undefined && inside.lines.length > 0) print(`\n${inside.lines.join("\n")}`);
  if (facts.unfinished.length > 0 || facts.kubeconfigUntil === undefined) {
    print(
      `\nNot finished${facts.unfinished.length > 0 ? `: ${facts.unfinished.join(", ")}` : ""}.\n\n  ./openaether up`,
    );
  }
  return exitStatus.done;
}

/** @returns undefined where only files are to be written */
async function insideOf(
  cluster: ClusterDirectory,
  options: StatusOptions,
  state: ReadState,
): Promise<{ readonly json: object; readonly lines: readonly string[] } | undefined> {
  if (options.kubeconfig || options.talosconfig) return undefined;
  const { askedInside, insideStatusLines, jsonOf } = await import("./inside-status.js");
  const inside = await askedInside(cluster, state);
  return { json: jsonOf(inside), lines: insideStatusLines(inside) };
}

/** @returns undefined where the state has none */
async function replicaOf(
  cluster: ClusterDirectory,
): Promise<{ readonly isCurrent: boolean; readonly text: string } | undefined> {
  if (cluster.replica === undefined) return undefined;
  return (await import("../cluster/replica.js")).describedReplica(cluster, cluster.replica);
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The expiry of the client certificate in a kubeconfig or talosconfig. */
function expiry(text: unknown): Date | "broken" | undefined {
  if (typeof text !== "string" || text === "") return undefined;
  // Both are for one user; tofu quotes the keys of the one.
  const encoded = /^[\s"]*(?:client-certificate-data|crt)"?:\s*"?([\w+/=]+)/m.exec(text)?.[1];
  if (encoded === undefined) return undefined;
  try {
    return new Date(new X509Certificate(Buffer.from(encoded, "base64")).validTo);
  } catch {
    return "broken";
  }
}

/** Below this many days, an expiry is a warning. */
const soon = 60;

function until(date: Date | "broken" | undefined): string {
  if (date === undefined) return "not yet";
  if (date === "broken") return colors.red("the certificate in the state cannot be read");
  const days = Math.floor((date.getTime() - Date.now()) / 86_400_000);
  const text = `good until ${date.toISOString().slice(0, 10)}, ${days} days`;
  return days < soon ? colors.yellow(text) : text;
}

/** Atomically; never over the file of another cluster. */
function writeAgain(
  cluster: ClusterDirectory,
  name: "kubeconfig" | "talosconfig",
  text: unknown,
): void {
  if (typeof text !== "string" || text === "") {
    throw new UserError(`There is no ${name} in the state yet.\n\n  ./openaether up`);
  }
  const file = join(cluster.home, cluster.fileName(name));
  if (existsSync(file) && !isOfSameCluster(readFileSync(file, "utf8"), text)) {
    throw new UserError(`${file} belongs to another cluster. Move it away first.`);
  }
  writeWhole(file, text);
  print(`Wrote ${file}`);
}

function line(name: string, text: string): void {
  print(`  ${name.padEnd(16)} ${text}`);
}
