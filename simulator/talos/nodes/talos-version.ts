import type { Machine } from "../../machines";

/** Names of images that are certainly not Talos. */
const OTHER_SYSTEMS = /ubuntu|debian|fedora|rocky|alma|centos|arch_?linux|windows/i;

/**
 * Whether a machine runs Talos: by its image's name; otherwise by having a machine configuration as
 * user data, not cloud-init's.
 */
export function runsTalos({ image, userData }: Machine): boolean {
  if (/talos/i.test(image)) return true;
  if (OTHER_SYSTEMS.test(image)) return false;
  return userData !== undefined && userData.trim() !== "" && !isCloudConfig(userData);
}

/** User data that Talos reads as "no configuration", and other systems as cloud-init's. */
export function isCloudConfig(userData: string): boolean {
  return /^#cloud-config\b/.test(userData);
}

/** "1.12.6" or "1.12", from an image's name or an installer's tag; undefined when there is none. */
export function versionIn(text: string): string | undefined {
  return /(?:^|[^\d.])v?(\d+\.\d+(?:\.\d+)?)(?![\d.]*\d)/.exec(text)?.[1];
}

/** The minor in the image's name: 12 of "talos-v1.12.6". */
export function minorOf(image: string): number | undefined {
  const version = versionIn(image);
  return version?.startsWith("1.") ? Number(version.split(".")[1]) : undefined;
}
