import { createHash } from "node:crypto";
import { createReadStream, openSync, readSync, closeSync } from "node:fs";
import type { ImageFormat } from "../../../constructs/model/image";
import { UserError } from "../../errors";

/** What a disk image is, by its content. */
export interface InspectedImage {
  readonly format: ImageFormat;
  /** Size of the disk in it, in GiB. */
  readonly sizeGb: number;
  /** Size of the file, in bytes. */
  readonly bytes: number;
  /** "sha256:…" of the file. */
  readonly digest: string;
  /** Of the kernel arguments: "nocloud"; undefined where there are none. */
  readonly platform: string | undefined;
  /** Of the boot menu, or of the release file: "v1.14.1"; undefined where there is neither. */
  readonly version: string | undefined;
  /** The kernel's arguments. */
  readonly kernelArgs: readonly string[];
}

/** Longer than a line of a boot configuration, whose parts may be in two blocks of the file. */
const overlap = 8192;
const gibibyte = 2 ** 30;

/** Compressed files, by their first bytes, with the program that decompresses them. */
const compressed: readonly (readonly [magic: string, program: string])[] = [
  ["fd377a585a00", "xz -d"],
  ["1f8b", "gzip -d"],
  ["28b52ffd", "zstd -d"],
];

/**
 * Reads a disk image once, from its beginning to its end: its boot configuration is stored as it is in
 * qcow2 and raw, in GRUB's file and in the unified kernel image.
 * @throws UserError for anything but a disk image
 */
export async function inspectImage(file: string): Promise<InspectedImage> {
  const header = headOf(file);
  const hash = createHash("sha256");
  let bytes = 0;
  let rest = "";
  let commandLine: string | undefined;
  let version: string | undefined;
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) {
    const block = chunk as Buffer;
    hash.update(block);
    bytes += block.length;
    if (commandLine !== undefined && version !== undefined) continue;
    const text = rest + block.toString("latin1");
    commandLine ??= /[^\0\n]{0,4000}\btalos\.platform=[^\0\n]{1,4000}(?=[\0\n])/.exec(text)?.[0];
    version ??=
      /"[AB] - Talos (v\d+\.\d+\.\d+[\w.-]*)"/.exec(text)?.[1] ??
      /PRETTY_NAME="Talos \((v\d+\.\d+\.\d+[\w.-]*)\)"/.exec(text)?.[1];
    rest = text.slice(-overlap);
  }
  const kernelArgs = commandLine?.trim().split(/\s+/) ?? [];
  const platform = kernelArgs.find((one) => one.startsWith("talos.platform="))?.split("=")[1];
  const { format, size = bytes } = formatOf(file, header);
  return {
    format,
    sizeGb: Math.ceil(size / gibibyte),
    bytes,
    digest: `sha256:${hash.digest("hex")}`,
    platform,
    version,
    kernelArgs,
  };
}

function headOf(file: string): Buffer {
  const header = Buffer.alloc(520);
  const opened = openSync(file, "r");
  try {
    readSync(opened, header, 0, header.length, 0);
  } finally {
    closeSync(opened);
  }
  return header;
}

/** @throws UserError */
function formatOf(file: string, header: Buffer): { format: ImageFormat; size?: number } {
  if (header.subarray(0, 4).equals(Buffer.from("QFI\xfb", "latin1"))) {
    return { format: "qcow2", size: Number(header.readBigUInt64BE(24)) };
  }
  if (header.toString("latin1", 512, 520) === "EFI PART") return { format: "raw" };
  const start = header.toString("hex", 0, 6);
  const program = compressed.find(([magic]) => start.startsWith(magic))?.[1];
  if (program !== undefined) {
    throw new UserError(`${file} is compressed. Decompress it first:\n\n  ${program} ${file}`);
  }
  throw new UserError(
    `${file} is no disk image: neither qcow2 nor raw with a partition table. Nothing was uploaded.`,
  );
}
