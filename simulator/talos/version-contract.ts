/** The versions that provider 0.11.0 is built on: its newest contract, and its default. */
export const NEWEST_MINOR = 13;

/**
 * The features that a machine configuration may use, by Talos minor (1.12 = 12). Versions before
 * 1.0 count as 0; what is newer than the provider renders as its newest (seen: v0.14 and v1.99 are
 * accepted).
 */
export interface VersionContract {
  readonly minor: number;
}

/**
 * @param version "v1.12", "1.12.6": with or without v; patch and suffix are ignored.
 * @throws Error with the provider's message for anything else ("v1", "latest").
 */
export function parseVersionContract(version: string): VersionContract {
  const text = `v${version.replace(/^v/, "")}`;
  const match = /^v(\d+)\.(\d+)($|\.)/.exec(text);
  if (!match) throw new Error(`error parsing version ${JSON.stringify(text)}`);
  const [major, minor] = [Number(match[1]), Number(match[2])];
  if (major > 1) return { minor: NEWEST_MINOR };
  return { minor: major < 1 ? 0 : Math.min(minor, NEWEST_MINOR) };
}

/** Negative when the left version is older. Missing parts count as zero; a leading v is ignored. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [numbers(left), numbers(right)];
  for (let index = 0; index < 3; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbers(version: string): number[] {
  return version
    .replace(/^v/, "")
    .replace(/[-+].*$/, "")
    .split(".")
    .map(Number);
}
