import { type DataSourceModel, Refusal, type Values } from "../../protocol/model";
import { stringOf, stringOrNull } from "../values";
import { oneOfDiagnostics } from "./checks";

/** The provider's default of `image_factory_url` (0.11.0). */
const FACTORY = "factory.talos.dev";

interface Platform {
  /** Suffix of its disk image. */
  readonly suffix: string;
  /** Boot methods there (machinery 1.13, `platforms`). */
  readonly boots: readonly ("disk-image" | "iso" | "pxe")[];
  readonly secureBoot?: true;
}

/** The platforms of the simulated clouds. */
const PLATFORMS: Readonly<Record<string, Platform>> = {
  aws: { suffix: "raw.xz", boots: ["disk-image"] },
  nocloud: { suffix: "raw.xz", boots: ["disk-image", "iso", "pxe"], secureBoot: true },
  openstack: { suffix: "raw.xz", boots: ["disk-image", "iso", "pxe"] },
  scaleway: { suffix: "raw.zst", boots: ["disk-image", "iso"] },
};

/** Addresses of Talos images: computed without a request. What a platform lacks is null. */
export const imageFactoryUrls: DataSourceModel = {
  validate: (config) => [
    ...oneOfDiagnostics(config, "platform", Object.keys(PLATFORMS)),
    ...oneOfDiagnostics(config, "architecture", ["amd64", "arm64"]),
  ],

  read(config) {
    const architecture = stringOrNull(config.architecture) ?? "amd64";
    const version = `v${stringOf(config.talos_version).replace(/^v/, "")}`;
    if (!/^v\d+(\.\d+)*/.test(version)) {
      throw new Refusal(
        "talos_version is not valid",
        "The provided version is not a valid semantic version.",
      );
    }
    const platform = stringOrNull(config.platform);
    if (platform === null) {
      throw new Refusal(
        "sbc is not simulated",
        "Set platform: the simulator's clouds have no boards.",
      );
    }
    const urls = urlsOf(platform, stringOf(config.schematic_id), version, architecture);
    return { ...config, id: "", architecture, urls };
  },
};

function urlsOf(name: string, schematic: string, version: string, architecture: string): Values {
  const found = PLATFORMS[name];
  if (found === undefined) throw new Refusal("failed to find platform", name);
  const { suffix, boots, secureBoot = false } = found;
  const file = (end: string) =>
    `https://${FACTORY}/image/${schematic}/${version}/${name}-${architecture}${end}`;
  const installer = (kind: string) => `${FACTORY}/${name}-${kind}/${schematic}:${version}`;
  const pxe = `https://pxe.${FACTORY}/pxe/${schematic}/${version}/${name}-${architecture}`;
  const only = (condition: boolean, url: string) => (condition ? url : null);
  return {
    installer: installer("installer"),
    installer_secureboot: only(secureBoot, installer("installer-secureboot")),
    disk_image: only(boots.includes("disk-image"), file(`.${suffix}`)),
    disk_image_secureboot: only(secureBoot, file(`-secureboot.${suffix}`)),
    iso: only(boots.includes("iso"), file(".iso")),
    iso_secureboot: only(secureBoot, file("-secureboot.iso")),
    pxe: only(boots.includes("pxe"), pxe),
    ...METAL_ONLY,
  };
}

/** Parts that the factory offers for bare metal alone. */
const METAL_ONLY = { kernel: null, kernel_command_line: null, initramfs: null, uki: null };
