import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../../constructs/package-root";
import { programsMissing, programUnusable } from "../errors";
import {
  build,
  type Build,
  BuildFailed,
  builtProgram,
  type Environment,
  type GoModule,
  isBuilt,
  pinnedVersion,
} from "./go-module";

const run = promisify(execFile);

/** In milliseconds: how long a program may take to print its version. */
const longestAnswer = 10_000;

/** The programs of one release that are found and built together. */
interface Release {
  readonly module: GoModule;
  /** "1.37" */
  readonly minor: string;
  /** The argument that makes each program print its version. */
  readonly version: Readonly<Record<string, string>>;
}

export interface FoundProgram {
  readonly path: string;
  /** "1.37.1" */
  readonly version: string;
  /** "KUBEBUILDER_ASSETS" */
  readonly origin: string;
}

type Found = Readonly<Record<string, FoundProgram>>;

/** Minors of Kubernetes that can be built: "1.36". */
export function kubernetesMinors(): string[] {
  return readdirSync(join(packageRoot(), "tools", "kubernetes")).sort();
}

/** Minors of etcd that can be built: "3.7". */
export function etcdMinors(): string[] {
  return readdirSync(join(packageRoot(), "tools", "etcd")).sort();
}

/** The minor of the etcd that Talos 1.<minor> runs (constants.DefaultEtcdVersion of its releases). */
export function etcdMinorOf(talosMinor: number): string {
  if (talosMinor >= 14) return "3.7";
  return talosMinor >= 11 ? "3.6" : "3.5";
}

/**
 * kube-apiserver, kube-controller-manager, kube-scheduler and kubectl of a minor.
 * @throws UserError when they are nowhere and cannot be built
 */
export function findKubernetes(minor: string, search: Build): Promise<Found> {
  return find(kubernetes(minor), search);
}

/** The same without a build. @returns undefined where one is nowhere */
export function presentKubernetes(minor: string, search: Build): Promise<Found | undefined> {
  return present(kubernetes(minor), search);
}

/** etcd and etcdutl of a minor. @throws UserError when they are nowhere and cannot be built */
export function findEtcd(minor: string, search: Build): Promise<Found> {
  return find(etcd(minor), search);
}

/** The same without a build. @returns undefined where one is nowhere */
export function presentEtcd(minor: string, search: Build): Promise<Found | undefined> {
  return present(etcd(minor), search);
}

/** etcd's tool for snapshots, of any minor, without a build. @returns undefined where there is none */
export async function presentEtcdutl(search: Build): Promise<FoundProgram | undefined> {
  const name = "etcdutl";
  for (const minor of etcdMinors().reverse()) {
    const release = etcd(minor);
    const found = await presentProgram(release, name, search);
    if (found !== undefined) return found;
    if (isBuilt(release.module, search.environment))
      return cached(release, name, search.environment);
  }
  return undefined;
}

/** Talos's client. @throws UserError when it is nowhere and cannot be built */
export async function findTalosctl(search: Build): Promise<FoundProgram> {
  const { talosctl } = await find(talos(), search);
  if (talosctl === undefined) throw new Error("talosctl was found, and is not there");
  return talosctl;
}

function kubernetes(minor: string): Release {
  const directory = `kubernetes/${minor}`;
  const version = kubernetesMinors().includes(minor)
    ? pinnedVersion(directory, "k8s.io/kubernetes")
    : minor;
  const names = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"];
  return {
    minor,
    module: {
      title: `Kubernetes ${version}`,
      directory,
      name: "kubernetes",
      version,
      programs: Object.fromEntries(names.map((name) => [name, `k8s.io/kubernetes/cmd/${name}`])),
      linkerFlags: Object.entries({
        gitVersion: `v${version}`,
        gitMajor: "1",
        gitMinor: minor.slice(2),
      })
        .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
        .join(" "),
      duration: "about seven minutes",
    },
    version: Object.fromEntries(
      names.map((name) => [name, name === "kubectl" ? "version --client" : "--version"]),
    ),
  };
}

function etcd(minor: string): Release {
  const directory = `etcd/${minor}`;
  const version = etcdMinors().includes(minor)
    ? pinnedVersion(directory, "go.etcd.io/etcd/server/v3")
    : minor;
  return {
    minor,
    module: {
      title: `etcd ${version}`,
      directory,
      name: "etcd",
      version,
      programs: { etcd: "go.etcd.io/etcd/server/v3", etcdutl: "go.etcd.io/etcd/etcdutl/v3" },
      linkerFlags: "",
      duration: "about a minute",
    },
    version: { etcd: "--version", etcdutl: "version" },
  };
}

function talos(): Release {
  const version = pinnedVersion("talosctl", "require github.com/siderolabs/talos");
  return {
    minor: version.split(".").slice(0, 2).join("."),
    module: {
      title: `talosctl ${version}`,
      directory: "talosctl",
      name: "talosctl",
      version,
      programs: { talosctl: "." },
      linkerFlags: "",
      duration: "about six minutes",
    },
    version: { talosctl: "version --client --short" },
  };
}

/**
 * Each program by its environment variable (KUBE_APISERVER_BIN), in KUBEBUILDER_ASSETS, on the PATH,
 * in the cache; what is still missing is built.
 */
async function find(release: Release, search: Build): Promise<Found> {
  const { environment } = search;
  const names = Object.keys(release.module.programs);
  const present = await Promise.all(names.map((name) => presentProgram(release, name, search)));
  const missing = names.filter((_, i) => present[i] === undefined);
  if (missing.length > 0) await buildOnce(release, search, missing);
  return Object.fromEntries(
    names.map((name, i) => [name, present[i] ?? cached(release, name, environment)]),
  );
}

async function present(release: Release, search: Build): Promise<Found | undefined> {
  const names = Object.keys(release.module.programs);
  const found = await Promise.all(names.map((name) => presentProgram(release, name, search)));
  const isComplete = found.every((one) => one !== undefined);
  return isComplete || isBuilt(release.module, search.environment)
    ? find(release, search)
    : undefined;
}

/** @param missing Who needs it, for messages */
async function buildOnce(release: Release, search: Build, missing: readonly string[]) {
  const { module, minor } = release;
  const named = Object.fromEntries(missing.map((name) => [name, variableOf(name)]));
  const sources = join(packageRoot(), "tools", module.directory);
  if (!existsSync(sources)) {
    const minors = readdirSync(dirname(sources)).sort().join(" and ");
    throw programsMissing(module.title, named, `only ${minors} can be, not ${minor}`);
  }
  if (isBuilt(module, search.environment)) return;
  try {
    await build(module, search);
  } catch (error) {
    if (!(error instanceof BuildFailed)) throw error;
    const reason = error.output ?? "there is no Go to build it: https://go.dev/doc/install";
    throw programsMissing(module.title, named, reason);
  }
}

function cached({ module }: Release, name: string, environment: Environment): FoundProgram {
  const path = builtProgram(module, name, environment);
  return { path, version: module.version, origin: "built once, cached" };
}

/** @throws UserError when one that an environment variable names does not run */
async function presentProgram(
  release: Release,
  name: string,
  { environment, progress }: Build,
): Promise<FoundProgram | undefined> {
  const variable = variableOf(name);
  const named = environment[variable] ?? "";
  const assets = environment["KUBEBUILDER_ASSETS"] ?? "";
  // Absolute: they run in other directories, without a PATH.
  const candidates = [
    ...(named === "" ? [] : [{ path: resolve(named), origin: variable }]),
    ...(assets === "" ? [] : [{ path: resolve(assets, name), origin: "KUBEBUILDER_ASSETS" }]),
    ...onPath(name, environment).map((path) => ({ path, origin: "on the PATH" })),
  ];
  for (const { path, origin } of candidates) {
    const version = await versionOf(path, release.version[name] ?? "", environment);
    if (version === undefined && origin === variable) throw programUnusable(variable, path, name);
    if (version === undefined) continue;
    if (version.startsWith(`${release.minor}.`)) return { path, version, origin };
    if (origin !== "on the PATH")
      progress(`${origin} has ${name} ${version}; ${release.module.title} is needed: not used`);
  }
  return undefined;
}

/** Where a program is on the PATH, in its order. */
function onPath(name: string, environment: Environment): string[] {
  return (environment["PATH"] ?? "")
    .split(delimiter)
    .filter((directory) => isAbsolute(directory))
    .map((directory) => join(directory, name))
    .filter((path) => existsSync(path));
}

/** "KUBE_APISERVER_BIN" */
function variableOf(name: string): string {
  return `${name.toUpperCase().replaceAll("-", "_")}_BIN`;
}

async function versionOf(
  path: string,
  args: string,
  environment: Environment,
): Promise<string | undefined> {
  try {
    const { stdout } = await run(path, args.split(" "), {
      env: { PATH: environment["PATH"], HOME: environment["HOME"] },
      timeout: longestAnswer,
    });
    return /v?(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}
