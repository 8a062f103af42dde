import type { Machine } from "../../machines";

/** Images that are surely another system's, by what clouds call them. */
const OTHER_SYSTEMS = /ubuntu|debian|fedora|rocky|alma|centos|arch_?linux|windows/i;

/**
 * Whether a machine runs Talos: its image says so; else it is given a machine
 * configuration instead of cloud-init's.
 */
export function runsTalos({ image, userData }: Machine): boolean {
  if (/talos/i.test(image)) return true;
  if (OTHER_SYSTEMS.test(image)) return false;
  return userData !== undefined && userData.trim() !== "" && !isCloudConfig(userData);
}

/** What Talos takes for "no configuration", and other systems for cloud-init's. */
export function isCloudConfig(userData: string): boolean {
  return /^#cloud-config\b/.test(userData);
}

/** "1.12.6" or "1.12", as an image's name or an installer's tag tells; undefined when it does not. */
export function versionIn(text: string): string | undefined {
  return /(?:^|[^\d.])v?(\d+\.\d+(?:\.\d+)?)(?![\d.]*\d)/.exec(text)?.[1];
}

/** The minor that the image's name tells: 12 of "talos-v1.12.6". */
export function minorOf(image: string): number | undefined {
  const version = versionIn(image);
  return version?.startsWith("1.") ? Number(version.split(".")[1]) : undefined;
}
