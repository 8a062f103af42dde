import type { Report } from "../../../constructs/model/report";
import { Version } from "../../../constructs/model/version";

/** Talos minors whose machine configurations the pinned talos provider renders, and that nodes accept. */
export const oldestTalosMinor = 9;
export const newestTalosMinor = 13;
/** The only Talos minor that its community still supports: a minor ends when the next is released. */
export const supportedTalosMinor = 13;

/** Talos 1.N runs Kubernetes 1.(N+18) to 1.(N+23): Talos's support matrix, for all of 1.9 to 1.13. */
export const kubernetesMinors = (talos: Version) => ({
  oldest: talos.minor + 18,
  newest: talos.minor + 23,
});

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
    report.error(["kubernetes_version"], 'A full version, such as "v1.36.3".');
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
    report.error(["talos_version"], 'A full version, such as "v1.13.9".');
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
      `Talos ${version.minorText} gets no fixes any more; v1.${supportedTalosMinor} does.`,
    );
  }
  return version;
}
