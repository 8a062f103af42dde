import type { Report } from "../../../constructs/model/report";
import { Version } from "../../../constructs/model/version";
import { defaultVersions, type TalosRelease, talosReleases } from "../talos-releases";

const minors = talosReleases.map(({ minor }) => minor);
/** Talos minors that boot with the machine configurations of this project. */
export const oldestTalosMinor = Math.min(...minors);
export const newestTalosMinor = Math.max(...minors);
/** Talos's community fixes the newest minor and the one before. */
export const supportedTalosMinor = newestTalosMinor - 1;

/** The minors of Kubernetes that a Talos runs. */
export function kubernetesMinors(talos: Version): TalosRelease["kubernetes"] {
  const release = talosReleases.find(({ minor }) => minor === talos.minor);
  if (release === undefined) throw new TypeError(`${talos.minorText} is in the table of releases`);
  return release.kubernetes;
}

export interface Versions {
  readonly talos: Version;
  readonly kubernetes: Version;
}

/** Checks both versions and that they go together; undefined after a report. */
export function checkVersions(
  talosText: string | undefined,
  kubernetesText: string | undefined,
  report: Report,
): Versions | undefined {
  const talos = talosText === undefined ? undefined : talosVersion(talosText, report);
  const kubernetes = kubernetesText === undefined ? undefined : Version.parse(kubernetesText);
  if (kubernetesText !== undefined && kubernetes === undefined) {
    report.error(
      ["kubernetes_version"],
      `A full version, such as "${defaultVersions.kubernetes}".`,
    );
  }
  if (talos === undefined || kubernetes === undefined) return undefined;

  const { oldest, newest } = kubernetesMinors(talos);
  if (kubernetes.major !== 1 || kubernetes.minor < oldest || kubernetes.minor > newest) {
    report.error(
      ["kubernetes_version"],
      `Talos ${talos.minorText} runs Kubernetes v1.${oldest} to v1.${newest}.`,
    );
  }
  return { talos, kubernetes };
}

function talosVersion(text: string, report: Report): Version | undefined {
  const version = Version.parse(text);
  if (version === undefined) {
    report.error(["talos_version"], `A full version, such as "${defaultVersions.talos}".`);
  } else if (
    version.major !== 1 ||
    version.minor < oldestTalosMinor ||
    version.minor > newestTalosMinor
  ) {
    report.error(
      ["talos_version"],
      `Allowed: v1.${oldestTalosMinor} to v1.${newestTalosMinor}; nodes refuse what is rendered for another.`,
    );
    return undefined;
  } else if (version.minor < supportedTalosMinor) {
    report.warn(
      ["talos_version"],
      `Talos ${version.minorText} gets no fixes any more; v1.${supportedTalosMinor} and v1.${newestTalosMinor} do.`,
    );
  }
  return version;
}
