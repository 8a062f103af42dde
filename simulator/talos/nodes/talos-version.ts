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

/** Minors of Talos with the etcd that each comes with. */
const ETCD: readonly (readonly [number, string])[] = [
  [14, "3.7.1"],
  [13, "3.6.12"],
  [12, "3.6.11"],
  [11, "3.6.5"],
  [10, "3.5.26"],
  [9, "3.5.21"],
];

/** The default etcd of a Talos version: "3.6.12" of "1.13.9". */
export function etcdVersionOf(version: string | undefined): string {
  const minor = Number(version?.split(".")[1] ?? Infinity);
  return ETCD.find(([since]) => since <= minor)?.[1] ?? "3.5.21";
}

/** The Linux of Talos 1.14, which stands for that of every other here. */
export const KERNEL = "6.18.48-talos";
