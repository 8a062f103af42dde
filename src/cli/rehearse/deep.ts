import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { freemem } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { type ClusterSpec, controlPlanes } from "../../../constructs/model/cluster-spec";
import { kubernetesPort } from "../../../constructs/model/ports";
import type { RunningProgram } from "../../../simulator/runtime/deep-options";
import type { Death } from "../../../simulator/runtime/program";
import type {
  EtcdPrograms,
  KubernetesPrograms,
  Programs,
} from "../../../simulator/runtime/programs";
import {
  etcdMinorOf,
  etcdMinors,
  findEtcd,
  findKubernetes,
  type FoundProgram,
  kubernetesMinors,
  presentEtcd,
  presentKubernetes,
} from "../../programs/real-programs";
import { counted } from "../../view/messages";
import { StepFailure } from "../../view/steps";
import { throughPort } from "./keep";
import type { Stage } from "./stage";
import type { Workspace } from "./workspace";

const run = promisify(execFile);

/** In bytes: three control planes and two workers take a little less. */
const usualMemory = 2 * 1024 ** 3;
/** In milliseconds, for all nodes to become ready on a loaded machine. */
const patience = 180_000;

/** The real programs of a deep rehearsal. */
export interface DeepPrograms {
  readonly programs: Programs;
  readonly kubectl: string;
  /** "etcd 3.7.1, Kubernetes 1.37.1 (built once, cached)" */
  readonly title: string;
}

/** Which releases a rehearsal has the programs of. */
export type Releases =
  /** The cluster's own. */
  | "own"
  /** Also those that are here already: a kept cluster can be upgraded to them. */
  | "present"
  /** All that can be built. */
  | "all";

/**
 * Those of the versions that the cluster has, and others for upgrades.
 * @throws UserError when one is nowhere and cannot be built
 */
export async function findDeepPrograms(
  { talosVersion, kubernetesVersion }: ClusterSpec,
  releases: Releases,
  progress: (message: string) => void,
  signal: AbortSignal,
): Promise<DeepPrograms> {
  const search = { environment: process.env, progress, signal };
  const etcdMinor = etcdMinorOf(talosVersion.minor);
  const kubernetesMinor = kubernetesVersion.minorText.slice(1);
  const etcd = await findEtcd(etcdMinor, search);
  const kubernetes = await findKubernetes(kubernetesMinor, search);
  const programs = {
    etcd: { [etcdMinor]: etcdPrograms(etcd) },
    kubernetes: { [kubernetesMinor]: kubernetesPrograms(kubernetes) },
  };
  const isBuilt = releases === "all";
  for (const minor of releases === "own" ? [] : etcdMinors()) {
    const found = await (isBuilt ? findEtcd : presentEtcd)(minor, search);
    if (found !== undefined) programs.etcd[minor] ??= etcdPrograms(found);
  }
  for (const minor of releases === "own" ? [] : kubernetesMinors()) {
    const found = await (isBuilt ? findKubernetes : presentKubernetes)(minor, search);
    if (found !== undefined) programs.kubernetes[minor] ??= kubernetesPrograms(found);
  }
  return {
    programs,
    kubectl: pathOf(kubernetes, "kubectl"),
    title: title({ etcd: etcd["etcd"], Kubernetes: kubernetes["kube-apiserver"] }),
  };
}

type Found = Readonly<Record<string, FoundProgram>>;

function etcdPrograms(found: Found): EtcdPrograms {
  return { etcd: pathOf(found, "etcd"), etcdutl: pathOf(found, "etcdutl") };
}

function kubernetesPrograms(found: Found): KubernetesPrograms {
  return {
    apiServer: pathOf(found, "kube-apiserver"),
    controllerManager: pathOf(found, "kube-controller-manager"),
    scheduler: pathOf(found, "kube-scheduler"),
  };
}

/** @throws TypeError where there is none of that name: a defect of what found them */
function pathOf(found: Found, name: string): string {
  const program = found[name];
  if (program === undefined) throw new TypeError(`${name} was not found`);
  return program.path;
}

function title(programs: Readonly<Record<string, FoundProgram | undefined>>): string {
  return Object.entries(programs)
    .map(([name, found]) => `${name} ${found?.version ?? ""} (${found?.origin ?? ""})`)
    .join(", ");
}

/** A warning where less memory is free than a cluster of the usual size takes. */
export function memoryWarning(free = freemem()): string | undefined {
  if (free >= usualMemory) return undefined;
  const gigabytes = (free / 1024 ** 3).toFixed(1);
  return `Only ${gigabytes} GiB of memory is free: a deep rehearsal of three control planes takes about 2 GiB.`;
}

/** Where the API's load balancer listens on 127.0.0.1. @throws StepFailure when there is none */
export async function apiPort({ simulator }: Stage): Promise<number> {
  const { listeners } = await simulator.deep();
  const local = listeners.find(({ port }) => port === kubernetesPort)?.localPort;
  if (local === undefined) throw new StepFailure("no load balancer listens for the Kubernetes API");
  return local;
}

/**
 * Resolves when every node is Ready, as kubectl sees it through the load balancer, and every real
 * program answers.
 * @returns "5 nodes Ready, 3 members of etcd"
 * @throws StepFailure with what is missing, and kubectl's message
 */
export async function nodesReady(
  stage: Stage,
  workspace: Workspace,
  kubectl: string,
  tell: (progress: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const kubeconfig = join(workspace.directory, "kubeconfig.loopback");
  const given = readFileSync(join(workspace.directory, "kubeconfig.simulated"), "utf8");
  writeFileSync(kubeconfig, throughPort(given, await apiPort(stage)), { mode: 0o600 });
  const { nodes, cni } = stage.synthesized.spec;
  // Another CNI is applied by the user, later.
  const awaitsReady =
    cni.name === "flannel" || (cni.name === "cilium" && cni.manifest !== undefined);
  const members = controlPlanes(stage.synthesized.spec).length;
  const end = Date.now() + patience;
  for (;;) {
    const { seen, problem } = await seenNodes(kubectl, kubeconfig, workspace.directory);
    const ready = seen.filter((node) => !awaitsReady || isReady(node)).flatMap(addressesOf);
    const { programs } = await stage.simulator.deep();
    const missing = [
      ...nodes.filter(({ address }) => !ready.includes(address)).map(({ name }) => name),
      ...programNames.filter((name) => answering(programs, name) < members),
    ];
    if (missing.length === 0) {
      const state = awaitsReady ? "Ready" : "joined, not Ready without a CNI";
      return `${counted(nodes.length, "node")} ${state}, ${counted(members, "member")} of etcd`;
    }
    tell(`${ready.length} of ${nodes.length} nodes Ready`);
    if (Date.now() > end) throw new StepFailure(`not ready: ${missing.join(", ")}`, problem);
    if (signal.aborted) throw new StepFailure("interrupted");
    await pause(500);
  }
}

const programNames = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"];

function answering(programs: readonly RunningProgram[], name: string): number {
  return programs.filter(({ program, healthy }) => program === name && healthy).length;
}

/** All nodes; or why they are not known. */
async function seenNodes(
  kubectl: string,
  kubeconfig: string,
  home: string,
): Promise<{ seen: readonly NodeObject[]; problem: string }> {
  const args = ["--kubeconfig", kubeconfig, "--request-timeout=5s", "get", "nodes", "-o", "json"];
  try {
    // kubectl caches what it discovers in its user's home.
    const { stdout } = await run(kubectl, args, { env: { PATH: process.env["PATH"], HOME: home } });
    return { seen: (JSON.parse(stdout) as { items: NodeObject[] }).items, problem: "" };
  } catch (error) {
    return { seen: [], problem: (error as { stderr?: string }).stderr?.trim() ?? String(error) };
  }
}

interface NodeObject {
  readonly status: {
    readonly conditions?: readonly { type: string; status: string }[];
    readonly addresses?: readonly { type: string; address: string }[];
  };
}

function addressesOf({ status }: NodeObject): string[] {
  return (status.addresses ?? []).map(({ address }) => address);
}

function isReady({ status }: NodeObject): boolean {
  return status.conditions?.some((one) => one.type === "Ready" && one.status === "True") === true;
}

/** A program that ended by itself, with its last lines. */
export function deathText({ name, how, lastLines, restarts }: Death): string {
  const next = restarts ? "it is started again" : "it is not started again";
  return [`${name} ended (${how}); ${next}.`, ...lastLines.map((line) => `  ${line}`)].join("\n");
}
