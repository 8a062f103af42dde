import { Version } from "../../constructs/model/version";
import { kubernetesPatches, type TalosRelease, talosReleases } from "../config/talos-releases";

/** The versions that a cluster runs, or is to run. */
export interface VersionPair {
  readonly talos: Version;
  readonly kubernetes: Version;
}

/** One upgrade of all nodes. */
export interface UpgradeStep {
  readonly what: "Talos" | "Kubernetes";
  readonly from: Version;
  readonly to: Version;
  /** What the cluster runs after it: a supported pair. */
  readonly pair: VersionPair;
}

/** The steps in their order, or why there are none, in full sentences. */
export type UpgradePath = { readonly steps: readonly UpgradeStep[] } | { readonly problem: string };

/**
 * From what runs to what is wanted: one minor at a time, Talos before Kubernetes wherever the new
 * Talos still runs the old Kubernetes. Minors in between are passed at their last known patch; the
 * first is left from where it is. Every step ends at a pair that Talos's own table of compatibility
 * has.
 * @param from The oldest Talos of all nodes, the oldest Kubernetes of all components
 */
export function upgradePath(from: VersionPair, to: VersionPair): UpgradePath {
  const problem = unreachable(from, to);
  if (problem !== undefined) return { problem };
  const steps: UpgradeStep[] = [];
  for (let now = from; !isSame(now, to);) {
    const next = nextStep(now, to);
    if (typeof next === "string") return { problem: next };
    steps.push(next);
    now = next.pair;
  }
  return { steps };
}

/** Whether this Talos runs this Kubernetes; unknown minors run nothing. */
export function isSupported({ talos, kubernetes }: VersionPair): boolean {
  const release = releaseOf(talos);
  return release !== undefined && runs(release, kubernetes);
}

/** Negative where the first is older, 0 for the same. */
export function compareVersions(one: Version, other: Version): number {
  return one.major - other.major || one.minor - other.minor || one.patch - other.patch;
}

/** The oldest of versions such as "v1.36.3"; what is no version does not count. */
export function lowestVersion(versions: readonly string[]): Version | undefined {
  return versions.flatMap((text) => Version.parse(text) ?? []).sort(compareVersions)[0];
}

function nextStep(now: VersionPair, to: VersionPair): UpgradeStep | string {
  const talos = nextTalos(now.talos, to.talos);
  if (talos !== undefined) {
    const pair = { ...now, talos };
    if (isSupported(pair)) return { what: "Talos", from: now.talos, to: talos, pair };
  }
  const kubernetes = nextKubernetes(now.kubernetes, to.kubernetes);
  if (kubernetes !== undefined) {
    const pair = { ...now, kubernetes };
    if (isSupported(pair)) {
      return { what: "Kubernetes", from: now.kubernetes, to: kubernetes, pair };
    }
  }
  return deadEnd(now, talos, kubernetes);
}

/** The next Talos on the way, in either direction; undefined at its end. */
function nextTalos(now: Version, to: Version): Version | undefined {
  if (compareVersions(now, to) === 0) return undefined;
  const minor = now.minor + Math.sign(to.minor - now.minor);
  if (minor === to.minor) return to;
  const release = talosReleases.find((one) => one.minor === minor);
  return release === undefined ? undefined : Version.parse(`1.${minor}.${release.patch}`);
}

function nextKubernetes(now: Version, to: Version): Version | undefined {
  if (compareVersions(now, to) === 0) return undefined;
  const minor = now.minor + Math.sign(to.minor - now.minor);
  if (minor === to.minor) return to;
  return Version.parse(`1.${minor}.${kubernetesPatches[minor] ?? 0}`);
}

/** What no order of steps could help. */
function unreachable(from: VersionPair, to: VersionPair): string | undefined {
  const [oldest, newest] = [talosReleases[0]?.minor ?? 0, talosReleases.at(-1)?.minor ?? 0];
  const stranger = [from.talos, to.talos].find((talos) => releaseOf(talos) === undefined);
  if (stranger !== undefined) {
    return (
      `Talos ${stranger.toString()} is not among v1.${oldest} to v1.${newest}, which this program ` +
      "knows: it can compute no path."
    );
  }
  if (!isSupported(to)) {
    return `Talos ${to.talos.toString()} does not run Kubernetes ${to.kubernetes.toString()}${ranges(to.talos)}.`;
  }
  if (to.kubernetes.minor < from.kubernetes.minor) {
    return (
      `Kubernetes cannot go back from ${from.kubernetes.toString()} to ${to.kubernetes.toString()}: ` +
      "its minors go upwards only. Set kubernetes_version to " +
      `${from.kubernetes.toString()} or newer.`
    );
  }
  return etcdDowngrade(from.talos, to.talos);
}

function etcdDowngrade(from: Version, to: Version): string | undefined {
  const [before, after] = [releaseOf(from)?.etcd, releaseOf(to)?.etcd];
  if (to.minor >= from.minor || before === after) return undefined;
  return (
    `Talos cannot go back from ${from.toString()} to ${to.toString()}: it would take etcd from ` +
    `${before ?? ""} to ${after ?? ""}, which cannot read the newer one's data. Set talos_version ` +
    `to ${from.toString()} or newer.`
  );
}

/** Neither step leads to a supported pair. */
function deadEnd(
  { talos, kubernetes }: VersionPair,
  nextOfTalos: Version | undefined,
  nextOfKubernetes: Version | undefined,
): string {
  const wanted = [
    ...(nextOfTalos === undefined
      ? []
      : [
          `Talos ${nextOfTalos.toString()} does not run Kubernetes ${kubernetes.toString()}${ranges(nextOfTalos)}`,
        ]),
    ...(nextOfKubernetes === undefined
      ? []
      : [
          `Talos ${talos.toString()} does not run Kubernetes ${nextOfKubernetes.toString()}${ranges(talos)}`,
        ]),
  ];
  return (
    `From Talos ${talos.toString()} with Kubernetes ${kubernetes.toString()} there is no supported ` +
    `next step: ${wanted.join("; ")}.`
  );
}

function ranges(talos: Version): string {
  const kubernetes = releaseOf(talos)?.kubernetes;
  return kubernetes === undefined
    ? ""
    : ` (v1.${kubernetes.oldest} to v1.${kubernetes.newest} are supported)`;
}

function releaseOf(talos: Version): TalosRelease | undefined {
  return talos.major === 1 ? talosReleases.find(({ minor }) => minor === talos.minor) : undefined;
}

function runs({ kubernetes: { oldest, newest } }: TalosRelease, kubernetes: Version): boolean {
  return kubernetes.major === 1 && oldest <= kubernetes.minor && kubernetes.minor <= newest;
}

function isSame(one: VersionPair, other: VersionPair): boolean {
  return (
    compareVersions(one.talos, other.talos) === 0 &&
    compareVersions(one.kubernetes, other.kubernetes) === 0
  );
}
