import { writeFileSync } from "node:fs";

export interface TalosImage {
  /** @default "nocloud" */
  readonly platform?: string;
  /** @default "v1.14.1" */
  readonly version?: string;
  /** @default "qcow2" */
  readonly format?: "qcow2" | "raw";
  /** Besides the platform. @default - those of every image */
  readonly kernelArgs?: string;
  /** Of the file, in bytes. @default 300 000 */
  readonly bytes?: number;
}

/** A small file with what is read of a Talos disk image: its header, its boot menu, its kernel arguments. */
export function talosImage({
  platform = "nocloud",
  version = "v1.14.1",
  format = "qcow2",
  kernelArgs = "console=tty0",
  bytes = 300_000,
}: TalosImage = {}): Buffer {
  const image = Buffer.alloc(bytes);
  if (format === "qcow2") {
    image.write("QFI\xfb", 0, "latin1");
    image.writeUInt32BE(3, 4);
    image.writeBigUInt64BE(BigInt(1_306_525_696), 24);
  } else image.write("EFI PART", 512, "latin1");
  const menu =
    `menuentry "A - Talos ${version}" {\n  set gfxmode=auto\n` +
    `  linux /A/vmlinuz talos.platform=${platform} ${kernelArgs}\n  initrd /A/initramfs.xz\n}\n`;
  // In two blocks of what is read at once, where there are two.
  image.write(menu, Math.min(bytes - 1000, 2 ** 20 - 60), "latin1");
  return image;
}

export function writeTalosImage(file: string, image: TalosImage = {}): void {
  writeFileSync(file, talosImage(image));
}
